/** Builds the stylesheet and the small enhancements of the server-rendered pages, under stable names; what they fetch later is hashed. */
import { readdirSync } from "node:fs";
import { basename, resolve } from "node:path";
import { defineConfig } from "vite";
import { compressed } from "./plugins/compressed.ts";

const folder = resolve(import.meta.dirname, "pages");
const entries = readdirSync(folder).filter((name) => /\.(css|ts)$/.test(name) && !/\.(test|d)\.ts$/.test(name));

const hashed = "hashed/[name]-[hash][extname]"; // kept for ever by whoever has fetched it (WHITENOISE_IMMUTABLE_FILE_TEST)

export default defineConfig({
  base: "./",
  publicDir: false,
  plugins: [compressed()],
  build: {
    outDir: "dist/pages",
    emptyOutDir: true,
    target: "es2020", // phones of those years
    assetsInlineLimit: 0, // the content security policy allows no data: addresses
    modulePreload: false,
    rollupOptions: {
      input: Object.fromEntries(entries.map((name) => [basename(name).replace(/\.\w+$/, ""), resolve(folder, name)])),
      output: {
        entryFileNames: "[name].js",
        chunkFileNames: "shared-[name].js",
        assetFileNames: (asset) => {
          const name = asset.names[0] ?? "";
          if (name.endsWith(".txt")) return hashed;
          return name.endsWith(".woff2") ? "fonts/[name][extname]" : "[name][extname]";
        },
      },
    },
  },
  worker: { format: "iife", rollupOptions: { output: { entryFileNames: "hashed/[name]-[hash].js" } } },
});
