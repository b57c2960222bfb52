/** Tells a scanner from a typist by speed: strokes in, scans out; times are handed in (ms). */

/** A scanner types a character in 10 to 16 ms; hardly anyone types below this median. */
const MEDIAN_LIMIT = 40;
/** A pause that ends one burst and begins the next; shorter ones are hiccups of scanner or computer. */
export const SILENCE = 300;
/** Where scans have come with a suffix, a silence without one is more likely a hiccup than an end. */
export const LONG_SILENCE = 900;
const SHORTEST_WITH_SUFFIX = 4;
const SHORTEST_WITHOUT_SUFFIX = 6;

const SUFFIXES = new Set(["Enter", "Tab"]);
const SILENT_KEYS = new Set(["Shift", "CapsLock", "NumLock", "AltGraph"]);
/** What an input method leaves behind when it rewrites what a scanner types. */
const METHOD_KEYS = new Set(["Backspace", "Process", "Dead", "Unidentified", "Compose"]);

export interface Stroke {
  key: string;
  at: number;
  /** The browser says that an input method is composing. */
  composing: boolean;
  /** The key is being held down. */
  repeat: boolean;
}

export type Burst = readonly Stroke[];

export interface Scan {
  text: string;
  /** An input method took part: the text cannot be trusted. */
  damaged: boolean;
}

/**
 * How a text came in. `damaged`: an input method took part. `mixed`: the field held something before it, typed by hand
 * or the beginning of the same scan, so that only a code with a check character can be believed.
 */
export type Quality = "clean" | "damaged" | "mixed";

/**
 * Compares the keys of a scan with what arrived in the field (null if the field was not in use). A field that takes no
 * more than `longest` characters (-1: any number) holds the beginning of a longer scan: there the keys alone are asked.
 */
export function inField(scan: Scan, value: string | null, longest = -1): { text: string; quality: Quality } {
  const field = longest >= 0 && scan.text.length > longest ? null : value;
  if (scan.damaged || (field !== null && !field.endsWith(scan.text))) return { text: scan.text, quality: "damaged" };
  if (field === null || field === scan.text) return { text: scan.text, quality: "clean" };
  return { text: field, quality: "mixed" };
}

export interface Heard {
  burst: Burst;
  scan: Scan | null;
}

export const QUIET: Burst = [];

function median(values: number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Infinity;
}

const isCharacter = (stroke: Stroke): boolean => [...stroke.key].length === 1;
const isMethod = (stroke: Stroke): boolean => stroke.composing || METHOD_KEYS.has(stroke.key);

function scanOf(burst: Burst, shortest: number): Scan | null {
  const gaps = burst.slice(1).map((stroke, index) => stroke.at - (burst[index]?.at ?? 0));
  if (burst.length < shortest || median(gaps) >= MEDIAN_LIMIT) return null;
  if (burst.some((stroke) => stroke.repeat)) return null;
  const text = burst
    .filter(isCharacter)
    .map((stroke) => stroke.key)
    .join("");
  return { text, damaged: burst.some(isMethod) };
}

function lastAt(burst: Burst): number {
  return burst.at(-1)?.at ?? -Infinity;
}

/** One key went down. A suffix closes the burst; any other key that is neither text nor input method breaks it. */
export function hear(burst: Burst, stroke: Stroke): Heard {
  const running = stroke.at - lastAt(burst) > SILENCE ? QUIET : burst;
  if (SILENT_KEYS.has(stroke.key)) return { burst: running, scan: null };
  if (SUFFIXES.has(stroke.key)) return { burst: QUIET, scan: scanOf(running, SHORTEST_WITH_SUFFIX) };
  if (!isCharacter(stroke) && !isMethod(stroke)) return { burst: QUIET, scan: null };
  return { burst: [...running, stroke], scan: null };
}

/** Nothing came for a while: a scanner without suffix is finished when the silence is long `enough` (ms). */
export function silence(burst: Burst, now: number, enough: number): Heard {
  if (now - lastAt(burst) < enough) return { burst, scan: null };
  return { burst: QUIET, scan: scanOf(burst, SHORTEST_WITHOUT_SUFFIX) };
}

/** The same code within this time is the same scan (ms). */
const ECHO = 1_500;

export interface Heed {
  text: string;
  at: number;
}

export function isEcho(last: Heed | null, text: string, at: number): boolean {
  return last !== null && last.text === text && at - last.at < ECHO;
}
