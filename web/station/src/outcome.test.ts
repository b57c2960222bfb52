/** The sentence and the next line follow the tube: no green tick stands over bad news, and no sound tells a result. */
import { IDBKeyRange as FakeKeyRange } from "fake-indexeddb";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { COMMAND_CODES, newCode } from "../../shared/src/codes.ts";
import type { ResultValue } from "./rules/entry.ts";
import { ANNA, START, TestDesk } from "./testing/desk.ts";

const BINH = newCode("P", new Uint8Array(16).fill(7));

let desk: TestDesk;

beforeEach(async () => {
  vi.stubGlobal("IDBKeyRange", FakeKeyRange);
  desk = await TestDesk.open();
  await desk.startWork();
});

afterEach(() => {
  desk.node.isDown = true;
});

/** A tube with these people and this result. */
async function result(value: ResultValue, ...people: string[]): Promise<void> {
  await desk.scan("RT01", ...people, COMMAND_CODES.close_tube, "RT01", COMMAND_CODES[value]);
}

const shown = (): unknown => ({ notice: desk.view.notice, next: desk.view.next.key });

test.each(["positive", "invalid", "inconclusive"] as const)("a pool that is %s asks everybody back", async (value) => {
  await result(value, ANNA, BINH);
  const asked = {
    notice: { tone: "attention", key: `notice.pool_${value}`, params: { count: 2 } },
    next: "next.pool_again",
  };
  expect(shown()).toEqual(asked);
  await desk.scan(ANNA, "RT01");
  expect(shown()).toEqual(asked);
});

test.each([
  ["positive", "next.single_positive"],
  ["invalid", "next.single_again"],
  ["inconclusive", "next.single_again"],
] as const)("a single tube that is %s says what comes next", async (value, next) => {
  await result(value, ANNA);
  expect(shown()).toEqual({ notice: { tone: "attention", key: `notice.single_${value}` }, next });
});

test("a negative tube is done", async () => {
  await result("negative", ANNA, BINH);
  expect(shown()).toMatchObject({ notice: { tone: "accepted", key: "notice.result_recorded" }, next: "next.resulted" });
});

test.each(["negative", "positive"] as const)("%s sounds like any other result", async (value) => {
  await result(value, ANNA, BINH);
  expect(desk.view.heard.tone).toBe("accepted");
});

test("a disputed tube is never greeted in green", async () => {
  const body = { facility: "F1", tube: "RT09", members: [{ person_code: ANNA }], state: "disputed" };
  desk.node.cards = [{ kind: "tube", id: "F1/RT09", version: 1, expires_at: START + 3_600_000, body }];
  desk.station.lineMayBeBack();
  await desk.until(({ tubes }) => tubes.has("RT09"));
  await desk.scan("RT09");
  expect(shown()).toMatchObject({
    notice: { tone: "attention", key: "notice.tube_disputed" },
    next: "next.disputed",
  });
});
