/** Holds the promise of the tokens: every ink can be read on every surface it is meant for, by day and by night. */
import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";

const css = readFileSync(new URL("tokens.css", import.meta.url), "utf8");

function tokensAfter(selector: string): Map<string, string> {
  const start = css.indexOf(selector);
  const block = css.slice(start, css.indexOf("}", start));
  return new Map([...block.matchAll(/--([\w-]+):\s*([^;]+);/g)].map((match) => [match[1] ?? "", match[2] ?? ""]));
}

function luminance(colour: string): number {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5]
    .map((at) => parseInt(colour.slice(at, at + 2), 16) / 255)
    .map((part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4));
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function contrast(tokens: Map<string, string>, ink: string, surface: string): number {
  const [low = 0, high = 0] = [ink, surface].map((name) => luminance(tokens.get(name) ?? "")).sort((a, b) => a - b);
  return (high + 0.05) / (low + 0.05);
}

const PAIRS = [
  ...["surface", "surface-quiet", "brand-surface"].flatMap((surface) => [
    ["ink", surface],
    ["ink-quiet", surface],
  ]),
  ["brand", "surface"],
  ["brand-ink", "brand"],
  ["band-ink", "band"],
  ["focus-ink", "focus"],
  ...["valid", "over", "wait", "not-genuine", "unknown"].map((state) => [`${state}-ink`, `${state}-surface`]),
];

const light = tokensAfter(":root {");
const dark = tokensAfter('[data-theme="dark"] {');

describe.each([
  ["light", light],
  ["dark", dark],
] as const)("%s", (_theme, tokens) => {
  test.each(PAIRS)("%s on %s is at least 7 to 1", (ink = "", surface = "") => {
    expect(contrast(tokens, ink, surface)).toBeGreaterThanOrEqual(7);
  });
});

test("a dark preference and a chosen dark theme are the same theme", () => {
  expect(tokensAfter(':root:not([data-theme="light"])')).toEqual(dark);
});
