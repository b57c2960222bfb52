/** Builds the rules for Node, so that `./chotxanh fuzz` can ask them. */
import { resolve } from "node:path";
import { defineConfig } from "vite";

export default defineConfig({
  publicDir: false,
  ssr: { noExternal: true }, // it runs from a folder of its own, where no package is found
  build: {
    ssr: resolve(import.meta.dirname, "shared/src/twin.ts"),
    emptyOutDir: false,
    target: "node20",
    rollupOptions: { output: { entryFileNames: "twin.js", format: "es" } },
  },
});
