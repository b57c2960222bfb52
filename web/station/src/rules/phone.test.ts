import { expect, test } from "vitest";
import { readablePhone } from "./phone.ts";

test("a number of Viet Nam begins with its zero, another with its country", () => {
  expect(readablePhone("+84912345678")).toBe("0912 345 678");
  expect(readablePhone("+85620123456")).toBe("+85620123456");
});
