import { expect, test } from "vitest";
import { uuid4, uuid7 } from "./uuid.ts";

const ONES = new Uint8Array(16).fill(0xff);

test("a version 7 identifier begins with the time and carries version and variant", () => {
  expect(uuid7(0x017f22e279b0, new Uint8Array(16))).toBe("017f22e2-79b0-7000-8000-000000000000");
  expect(uuid7(0x017f22e279b0, ONES)).toBe("017f22e2-79b0-7fff-bfff-ffffffffffff");
});

test("a version 4 identifier carries version and variant", () => {
  expect(uuid4(ONES)).toBe("ffffffff-ffff-4fff-bfff-ffffffffffff");
});
