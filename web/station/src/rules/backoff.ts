/** How long to wait before the line is tried again. */

const FIRST = 1_000;
const LONGEST = 30_000;

/** ms after `failures` failures in a row; `chance` in [0, 1) spreads the stations of one road over half the time. */
export function retryAfter(failures: number, chance: number): number {
  const full = Math.min(LONGEST, FIRST * 2 ** Math.min(failures - 1, 10));
  return Math.round(full / 2 + (full / 2) * chance);
}
