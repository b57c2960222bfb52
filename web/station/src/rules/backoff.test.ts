import { expect, test } from "vitest";
import { retryAfter } from "./backoff.ts";

test("waiting doubles from one second to thirty, spread over the upper half", () => {
  expect(retryAfter(1, 0)).toBe(500);
  expect(retryAfter(3, 0.5)).toBe(3_000);
  expect(retryAfter(99, 0)).toBe(15_000);
  expect(retryAfter(99, 0.999)).toBeLessThanOrEqual(30_000);
});
