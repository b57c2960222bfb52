/** Vite plugin: lays a Brotli and a gzip copy beside each text file of a build, for a server that sends files as they lie. */
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { resolve } from "node:path";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";
import type { Plugin } from "vite";

const TEXT = /\.(css|js|svg|txt)$/; // fonts and pictures are compressed already

const ENCODINGS = {
  ".br": (content: Buffer): Buffer =>
    brotliCompressSync(content, { params: { [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY } }),
  ".gz": (content: Buffer): Buffer => gzipSync(content, { level: constants.Z_BEST_COMPRESSION }),
};

/** Runs once the build is written. */
export function compressed(): Plugin {
  return {
    name: "compressed",
    apply: "build",
    writeBundle(options) {
      if (options.dir) compressFolder(options.dir);
    },
  };
}

/** Compresses every text file in `folder` and below; a copy that saves nothing is left out. */
export function compressFolder(folder: string): void {
  for (const name of readdirSync(folder, { recursive: true, encoding: "utf8" })) {
    if (!TEXT.test(name)) continue;
    const path = resolve(folder, name);
    const content = readFileSync(path);
    for (const [suffix, compress] of Object.entries(ENCODINGS)) {
      const copy = compress(content);
      if (copy.length < content.length) writeFileSync(path + suffix, copy);
    }
  }
}
