import { expect, test } from "vitest";
import { dayMonthYear, hourMinute, instant, minutesUntil, shortTime } from "./time.ts";

const EVENING = Date.parse("2021-07-20T18:05:00.000Z");

test("times are Viet Nam's, whatever the computer's zone", () => {
  expect(hourMinute(EVENING)).toBe("01:05");
  expect(dayMonthYear(EVENING)).toBe("21/07/2021");
});

test("the date is said only when it is another day in Viet Nam", () => {
  expect(shortTime(EVENING, EVENING + 3_600_000)).toBe("01:05");
  expect(shortTime(EVENING, EVENING + 86_400_000)).toBe("01:05 21/07/2021");
});

test("what is left to wait is rounded up, what is over is negative", () => {
  expect(minutesUntil(61_000, 0)).toBe(2);
  expect(minutesUntil(0, 0)).toBe(0);
  expect(minutesUntil(0, 150_000)).toBe(-2);
});

test("a text that is no time is null", () => {
  expect(instant("2021-07-20T18:05:00.000Z")).toBe(EVENING);
  expect(instant("soon")).toBeNull();
  expect(instant(null)).toBeNull();
});
