/** Builds the stylesheet and the small enhancements of the server-rendered pages, under stable names. */
import { readdirSync } from "node:fs";
import { basename, resolve } from "node:path";
import { defineConfig } from "vite";
import { compressed } from "./plugins/compressed.ts";

const folder = resolve(import.meta.dirname, "pages");
const entries = readdirSync(folder).filter((name) => /\.(css|ts)$/.test(name) && !/\.(test|d)\.ts$/.test(name));

export default defineConfig({
  base: "./",
  publicDir: false,
  plugins: [compressed()],
  build: {
    outDir: "dist/pages",
    emptyOutDir: true,
    assetsInlineLimit: 0, // the content security policy allows no data: addresses
    modulePreload: false,
    rollupOptions: {
      input: Object.fromEntries(entries.map((name) => [basename(name).replace(/\.\w+$/, ""), resolve(folder, name)])),
      output: {
        entryFileNames: "[name].js",
        chunkFileNames: "shared-[name].js",
        assetFileNames: (asset) =>
          /\.woff2$/.test(asset.names[0] ?? "") ? "fonts/[name][extname]" : "[name][extname]",
      },
    },
  },
});
