/** Builds the station: a static app, served at /station/, its files under /static/web/station/. */
import { resolve } from "node:path";
import { svelte } from "@sveltejs/vite-plugin-svelte";
import { defineConfig } from "vite";
import { compressed } from "./plugins/compressed.ts";
import { stationShell } from "./plugins/shell.ts";

const base = "/static/web/station/";
const root = resolve(import.meta.dirname, "station");

export default defineConfig({
  root,
  base,
  publicDir: "public",
  plugins: [
    svelte({ configFile: "../svelte.config.js" }),
    stationShell(resolve(root, "sw.js"), base),
    compressed(),
  ],
  server: { fs: { allow: ["../.."] } },
  build: {
    outDir: "../dist/station",
    emptyOutDir: true,
    target: "es2022",
    assetsInlineLimit: 0, // the content security policy allows no data: addresses
    modulePreload: { polyfill: false },
  },
});
