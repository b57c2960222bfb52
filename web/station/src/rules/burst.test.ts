import { expect, test } from "vitest";
import { type Burst, hear, inField, isEcho, LONG_SILENCE, QUIET, type Scan, SILENCE, silence } from "./burst.ts";

function typed(
  keys: string[],
  gap: number,
  marks: { composing?: boolean; repeat?: boolean } = {},
): [Burst, Scan | null, number] {
  let burst = QUIET;
  let scan: Scan | null = null;
  let at = 1_000;
  for (const key of keys) {
    ({ burst, scan } = hear(burst, { key, at, composing: false, repeat: false, ...marks }));
    at += gap;
  }
  return [burst, scan, at];
}

test.each(["Enter", "Tab"])("a burst that ends in %s is a scan", (suffix) => {
  const [burst, scan] = typed([..."P0000000000000K", suffix], 12);
  expect(scan).toEqual({ text: "P0000000000000K", damaged: false });
  expect(burst).toEqual(QUIET);
});

test("shift keys within a burst are not text", () => {
  expect(typed(["Shift", "R", "Shift", "T", "0", "1", "Enter"], 10)[1]?.text).toBe("RT01");
});

test("a person typing is never a scan", () => {
  expect(typed([..."RT0001", "Enter"], 90)[1]).toBeNull();
});

test("a key held down is never a scan", () => {
  expect(typed([..."00000000", "Enter"], 30, { repeat: true })[1]).toBeNull();
});

test("a scanner without suffix is finished when silence has lasted", () => {
  const [burst, , at] = typed([..."RT000123"], 12);
  expect(silence(burst, at, SILENCE).scan).toBeNull();
  expect(silence(burst, at + SILENCE, SILENCE)).toEqual({ burst: QUIET, scan: { text: "RT000123", damaged: false } });
  expect(silence(burst, at + SILENCE, LONG_SILENCE).scan).toBeNull();
});

test("a few quick letters and silence are not a scan", () => {
  const [burst, , at] = typed([..."abc"], 12);
  expect(silence(burst, at + SILENCE, SILENCE).scan).toBeNull();
});

test("a hiccup of the computer within a burst does not cut it in two", () => {
  const [burst, , at] = typed([..."RT0"], 12);
  const late = { composing: false, repeat: false };
  let heard = hear(burst, { key: "0", at: at + 200, ...late });
  for (const key of [..."12"]) heard = hear(heard.burst, { key, at: at + 210, ...late });
  expect(hear(heard.burst, { key: "Enter", at: at + 220, ...late }).scan?.text).toBe("RT0012");
});

test("what was typed slowly before a burst is not part of the scan", () => {
  const [burst] = typed([..."xy"], 500);
  let heard = { burst, scan: null as Scan | null };
  [..."RT0001", "Enter"].forEach((key, index) => {
    heard = hear(heard.burst, { key, at: 5_000 + index * 12, composing: false, repeat: false });
  });
  expect(heard.scan?.text).toBe("RT0001");
});

test.each(["Backspace", "Process", "Dead", "Unidentified"])("an input method that sends %s damages the scan", (key) => {
  expect(typed([..."P00d", key, ..."0000K", "Enter"], 12)[1]?.damaged).toBe(true);
});

test("a composing input method damages the scan", () => {
  expect(typed([..."P0000K", "Enter"], 12, { composing: true })[1]?.damaged).toBe(true);
});

test("a key that is neither text nor input method breaks the burst", () => {
  expect(typed([..."RT00", "ArrowLeft", ..."01", "Enter"], 12)[1]).toBeNull();
});

test("keys and field that agree are a clean scan", () => {
  const scan = { text: "RT0001", damaged: false };
  expect(inField(scan, "RT0001")).toEqual({ text: "RT0001", quality: "clean" });
  expect(inField(scan, null)).toEqual({ text: "RT0001", quality: "clean" });
});

test("a field that holds other letters than the keys was rewritten by an input method", () => {
  expect(inField({ text: "aa0001", damaged: false }, "â0001").quality).toBe("damaged");
});

test("a field for fewer characters cuts a scan short, and its keys tell it whole", () => {
  const scan = { text: "B1234567890ABCD", damaged: false };
  expect(inField(scan, "B12345", 6)).toEqual({ text: scan.text, quality: "clean" });
  expect(inField({ ...scan, damaged: true }, "B12345", 6).quality).toBe("damaged");
  expect(inField({ text: "aa0001", damaged: false }, "â0001", 20).quality).toBe("damaged");
});

test("a field that held something before the scan is mixed and is read whole", () => {
  expect(inField({ text: "0001", damaged: false }, "RT0001")).toEqual({ text: "RT0001", quality: "mixed" });
});

test("the same code within a second and a half is one scan, another code is not", () => {
  const last = { text: "RT01", at: 1_000 };
  expect(isEcho(last, "RT01", 2_499)).toBe(true);
  expect(isEcho(last, "RT01", 2_500)).toBe(false);
  expect(isEcho(last, "RT02", 1_100)).toBe(false);
  expect(isEcho(null, "RT01", 0)).toBe(false);
});
