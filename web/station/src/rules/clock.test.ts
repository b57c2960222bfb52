import { expect, test } from "vitest";
import { effective, isDoubtful, jump, jumped, measured, skew, stamp, startClock } from "./clock.ts";

const START = { wall: 1_626_760_800_000, mono: 50 };
const later = (ms: number, moved = 0): typeof START => ({ wall: START.wall + ms + moved, mono: START.mono + ms });

test("a clock that was never measured is unknown and doubtful", () => {
  const clock = startClock("boot", START);
  expect(stamp(clock, START).clock).toEqual({ boot: "boot", mono: 50, anchor: null, state: "unknown" });
  expect(effective(clock, START)).toBe(START.wall);
  expect(isDoubtful(clock, START)).toBe(true);
});

test("the anchor is the server's time at count zero, half a round trip on", () => {
  const clock = measured(startClock("boot", START), later(1_000), 9_000_000, 200);
  expect(clock.anchor).toBe(9_000_000 + 100 - 1_050);
  expect(effective(clock, later(2_000))).toBe(9_000_000 + 100 + 1_000);
});

test("a measured clock within five minutes is good, beyond it is doubtful", () => {
  const near = measured(startClock("boot", START), START, START.wall + 299_000, 0);
  const far = measured(startClock("boot", START), START, START.wall + 301_000, 0);
  expect(isDoubtful(near, START)).toBe(false);
  expect(isDoubtful(far, START)).toBe(true);
});

test("drift up to two seconds is no jump, more is one, forward or back", () => {
  const clock = startClock("boot", START);
  expect(jump(clock, later(60_000, 2_000))).toBeNull();
  expect(jump(clock, later(60_000, 2_001))).toBe(2_001);
  expect(jump(clock, later(60_000, -3_600_000))).toBe(-3_600_000);
});

test("after a jump the state is jumped until the next measurement, and the same jump is told once", () => {
  const good = measured(startClock("boot", START), START, START.wall, 0);
  const moved = later(1_000, 60_000);
  const clock = jumped(good, moved);
  expect(stamp(clock, moved).clock.state).toBe("jumped");
  expect(jump(clock, later(2_000, 60_000))).toBeNull();
  expect(measured(clock, moved, START.wall + 1_000, 0).state).toBe("good");
});

test("a5: a step below five minutes is no doubt, a longer one is, forward or back", () => {
  const good = measured(startClock("boot", START), START, START.wall, 0);
  for (const [by, isDoubt] of [
    [3_000, false],
    [-30_000, false],
    [299_000, false],
    [301_000, true],
    [-301_000, true],
  ] as const) {
    const moved = later(1_000, by);
    expect(isDoubtful(jumped(good, moved), moved)).toBe(isDoubt);
  }
});

test("h9: by how much the clock is wrong is known once it was measured, and before that nobody guesses", () => {
  const unknown = startClock("boot", START);
  expect(skew(unknown, START)).toBeNull();
  const fast = measured(unknown, START, START.wall - 12 * 60_000, 0);
  expect(skew(fast, later(60_000))).toBe(12 * 60_000);
});

test("a jump before any measurement leaves the clock unknown", () => {
  expect(jumped(startClock("boot", START), later(0, 9_999)).state).toBe("unknown");
});

test("the wall's time is written in UTC with three decimals", () => {
  expect(stamp(startClock("boot", START), START).occurredAt).toBe("2021-07-20T06:00:00.000Z");
});
