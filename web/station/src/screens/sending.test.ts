import { expect, test } from "vitest";
import type { Refusal } from "../door.ts";
import { type Field, sendOnce } from "./sending.ts";

const WRONG: Refusal = { kind: "refused", code: "enrolment_code_unknown", title: "" };

function recorded(): { calls: string[]; field: () => Field } {
  const calls: string[] = [];
  const field = { focus: () => calls.push("focus"), select: () => calls.push("select") } as unknown as Field;
  return { calls, field: () => field };
}

test.each([
  ["a refusal", () => Promise.resolve(WRONG), WRONG],
  ["a failure", () => Promise.reject(new Error("broken")), "failed"],
] as const)("after %s the focus is in the field again, ready to be typed over", async (_what, send, expected) => {
  const { calls, field } = recorded();
  expect(await sendOnce(send, field)).toEqual(expected);
  expect(calls).toEqual(["focus", "select"]);
});

test("a door that opened takes no focus, and a field that is gone is no error", async () => {
  const { calls, field } = recorded();
  expect(await sendOnce(() => Promise.resolve(null), field)).toBeNull();
  expect(calls).toEqual([]);
  expect(await sendOnce(() => Promise.resolve(WRONG), () => null)).toEqual(WRONG);
});
