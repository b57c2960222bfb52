/** The station's clock: a wall that may be wrong, a counter that only runs forward, and the last measurement. */

/** Past this the wall clock has not drifted, it has been moved (ms). */
const JUMP_LIMIT = 2_000;
/** Past this an entry's time is doubtful (ms). */
const DOUBT_LIMIT = 5 * 60_000;

/** Both clocks read at the same instant: Unix ms, and ms since this boot of the counter. */
export interface ClockReading {
  wall: number;
  mono: number;
}

export interface Clock {
  boot: string;
  /** Server's time at `mono` 0, or null while this boot has no measurement. */
  anchor: number | null;
  state: "good" | "jumped" | "unknown";
  /** wall - mono when the two were last known to run together. */
  together: number;
}

export interface ClockStamp {
  occurredAt: string;
  clock: { boot: string; mono: number; anchor: number | null; state: Clock["state"] };
}

export function startClock(boot: string, reading: ClockReading): Clock {
  return { boot, anchor: null, state: "unknown", together: reading.wall - reading.mono };
}

/** `now` is what the server said; `reading` was taken when the answer came, `roundTrip` ms after asking. */
export function measured(clock: Clock, reading: ClockReading, now: number, roundTrip: number): Clock {
  const anchor = Math.round(now + roundTrip / 2 - reading.mono);
  return { ...clock, anchor, state: "good", together: reading.wall - reading.mono };
}

/** By how much the wall was moved since both last ran together (signed ms), or null. */
export function jump(clock: Clock, reading: ClockReading): number | null {
  const by = Math.round(reading.wall - reading.mono - clock.together);
  return Math.abs(by) > JUMP_LIMIT ? by : null;
}

/** After a jump. Without a measurement nothing better than `unknown` can be said. */
export function jumped(clock: Clock, reading: ClockReading): Clock {
  const state = clock.anchor === null ? "unknown" : "jumped";
  return { ...clock, state, together: reading.wall - reading.mono };
}

/** The best known time, Unix ms. */
export function effective(clock: Clock, reading: ClockReading): number {
  return clock.anchor === null ? reading.wall : clock.anchor + Math.round(reading.mono);
}

export function isDoubtful(clock: Clock, reading: ClockReading): boolean {
  return clock.state === "unknown" || Math.abs(reading.wall - effective(clock, reading)) > DOUBT_LIMIT;
}

/** By how much the wall clock is ahead of the server's (signed ms), or null while this boot has no measurement. */
export function skew(clock: Clock, reading: ClockReading): number | null {
  return clock.anchor === null ? null : reading.wall - effective(clock, reading);
}

export function stamp(clock: Clock, reading: ClockReading): ClockStamp {
  return {
    occurredAt: new Date(reading.wall).toISOString(),
    clock: { boot: clock.boot, mono: Math.round(reading.mono), anchor: clock.anchor, state: clock.state },
  };
}
