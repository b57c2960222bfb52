/** Builds the rules for Node, so that `./chotxanh fuzz` can ask them. */
import { resolve } from "node:path";
import { defineConfig } from "vite";

export default defineConfig({
  publicDir: false,
  build: {
    ssr: resolve(import.meta.dirname, "shared/src/twin.ts"),
    emptyOutDir: false,
    target: "node20",
    rollupOptions: { output: { entryFileNames: "twin.js", format: "es" } },
  },
});
