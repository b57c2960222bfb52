/** Vite plugin: writes the station's service worker with the list of files that make up the shell. */
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import type { Plugin } from "vite";

/** `source` is the worker's script; `__SHELL__` in it becomes `{version, files}`. */
export function stationShell(source: string, base: string): Plugin {
  return {
    name: "station-shell",
    apply: "build",
    generateBundle(_options, bundle) {
      const script = readFileSync(source, "utf8");
      const hash = createHash("sha256").update(script);
      const files: string[] = [];
      for (const [name, output] of Object.entries(bundle).sort(([a], [b]) => (a < b ? -1 : 1))) {
        hash.update(name).update(output.type === "asset" ? output.source : output.code);
        if (!name.endsWith(".html")) files.push(base + name);
      }
      const shell = JSON.stringify({ version: hash.digest("hex").slice(0, 16), files });
      this.emitFile({ type: "asset", fileName: "sw.js", source: script.replace("__SHELL__", () => shell) });
    },
  };
}
