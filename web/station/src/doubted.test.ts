import { IDBKeyRange as FakeKeyRange } from "fake-indexeddb";
import { beforeEach, expect, test, vi } from "vitest";
import { COMMAND_CODES } from "../../shared/src/codes.ts";
import { ANNA, TestDesk } from "./testing/desk.ts";

let desk: TestDesk;

beforeEach(async () => {
  vi.stubGlobal("IDBKeyRange", FakeKeyRange);
  desk = await TestDesk.open();
  await desk.startWork();
  await desk.scan("RT0001", ANNA);
});

test.each(["077090000123", "0912345678", "8934563138165", "B1234567", "RT0002RT0003"])(
  "e1: %s opens no tube, and the open one stays open with its people",
  async (text) => {
    await desk.scan(text);
    expect(desk.view.desk).toEqual({ step: "collecting", tube: "RT0001", members: [ANNA] });
    expect(desk.view.notice?.tone).toBe("attention");
  },
);

test("e1: the same scan once more is taken for a tube", async () => {
  await desk.scan("077090000123", "077090000123");
  expect(desk.view.desk).toEqual({ step: "collecting", tube: "077090000123", members: [] });
});

test("e1: a scan between the two takes the doubt back to its beginning", async () => {
  await desk.scan("077090000123", COMMAND_CODES.undo, "077090000123");
  expect(desk.view.desk).toMatchObject({ step: "collecting", tube: "RT0001" });
  await desk.scan("0912345678", "077090000123");
  expect(desk.view.desk).toMatchObject({ step: "collecting", tube: "RT0001" });
});

test("e1: a tube that is known already is asked about no more", async () => {
  await desk.scan("077090000123", "077090000123", ANNA, COMMAND_CODES.close_tube, "077090000123");
  expect(desk.view.desk).toMatchObject({ step: "resulting", tube: "077090000123" });
});
