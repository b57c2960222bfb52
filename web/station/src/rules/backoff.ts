/** How long to wait before the line is tried again. */

const FIRST = 1_000;
const LONGEST = 30_000;
/** However long a node asks to wait, a station tries again after this. */
const LONGEST_ASKED = 120_000;

/** ms after `failures` failures in a row; `chance` in [0, 1) spreads the stations of one road over half the time. */
export function retryAfter(failures: number, chance: number): number {
  const full = Math.min(LONGEST, FIRST * 2 ** Math.min(failures - 1, 10));
  return Math.round(full / 2 + (full / 2) * chance);
}

/**
 * ms until the next round after `failures` in a row, of which a busy node asked to wait `asked` ms: never earlier than it
 * asked, at most half as long again, so that whom it sent away does not come back at one moment.
 */
export function pauseAfter(failures: number, asked: number, chance: number): number {
  const spread = Math.min(asked, LONGEST_ASKED);
  return Math.max(retryAfter(failures, chance), Math.round(spread + (spread / 2) * chance));
}
