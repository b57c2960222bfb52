/** The compressed copies: same content, text only, never larger than the file. */
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { brotliDecompressSync, gunzipSync } from "node:zlib";
import { afterEach, beforeEach, expect, test } from "vitest";
import { compressFolder } from "./compressed.ts";

let folder = "";

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "compressed-"));
});

afterEach(() => {
  rmSync(folder, { recursive: true });
});

test("a text file in any folder gets two copies that hold the same", () => {
  const text = "Chốt Xanh ".repeat(200);
  mkdirSync(join(folder, "assets"));
  writeFileSync(join(folder, "assets", "station.js"), text);
  compressFolder(folder);
  const file = join(folder, "assets", "station.js");
  expect(brotliDecompressSync(readFileSync(`${file}.br`)).toString()).toBe(text);
  expect(gunzipSync(readFileSync(`${file}.gz`)).toString()).toBe(text);
});

test("what is compressed already, or would only grow, has no copy", () => {
  writeFileSync(join(folder, "font.woff2"), "a".repeat(5000));
  writeFileSync(join(folder, "tiny.css"), "a{}");
  compressFolder(folder);
  expect(readdirSync(folder).sort()).toEqual(["font.woff2", "tiny.css"]);
});
