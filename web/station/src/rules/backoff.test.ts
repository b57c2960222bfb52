import { expect, test } from "vitest";
import { pauseAfter, retryAfter } from "./backoff.ts";

test("waiting doubles from one second to thirty, spread over the upper half", () => {
  expect(retryAfter(1, 0)).toBe(500);
  expect(retryAfter(3, 0.5)).toBe(3_000);
  expect(retryAfter(99, 0)).toBe(15_000);
  expect(retryAfter(99, 0.999)).toBeLessThanOrEqual(30_000);
});

test("a busy node is not asked again before the time it asked for, nor by all at one moment", () => {
  expect(pauseAfter(1, 8_000, 0)).toBe(8_000);
  expect(pauseAfter(1, 8_000, 0.5)).toBe(10_000);
  expect(pauseAfter(1, 0, 0)).toBe(retryAfter(1, 0));
  expect(pauseAfter(99, 2_000, 0)).toBe(15_000);
  expect(pauseAfter(1, 86_400_000, 0)).toBe(120_000);
});
