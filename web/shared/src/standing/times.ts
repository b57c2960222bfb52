/** When something was done, as far as it is known: twin of `src/chotxanh/domain/standing/times.py`. */

/**
 * A time between two bounds, both included (Unix milliseconds); certain where they are one.
 *
 * A doubtful clock disputes nothing: a negative counts at its earliest possible time for everything, a positive at its
 * latest.
 */
export interface Span {
  readonly earliest: number;
  readonly latest: number;
}

/** In which minutes after its start a test may be read; both ends are included. */
export interface Window {
  readonly earliest: number;
  readonly latest: number;
}

export const MINUTE = 60_000;
export const DAY = 24 * 60 * MINUTE;

/** A time that is certain. */
export function certain(moment: number): Span {
  return { earliest: moment, latest: moment };
}

/** Whether a reading may be inside: a doubt about time alone takes no paper away. */
export function holds(window: Window, started: Span, read: Span): boolean {
  const shortest = read.earliest - started.latest;
  const longest = read.latest - started.earliest;
  return window.earliest * MINUTE <= longest && shortest <= window.latest * MINUTE;
}
