/** Finding H6: an identity card finds whoever has declared, without the phone that holds the code. */
import { IDBKeyRange as FakeKeyRange } from "fake-indexeddb";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { newCode } from "../../shared/src/codes.ts";
import { ANNA, personCard, START, TestDesk } from "./testing/desk.ts";

const OF_SAME_NAME = newCode("P", new Uint8Array(16).fill(9));
const cardOf = (number: string, name: string): string => `${number}||${name}|05031985|Nam|Ấp 1, xã Châu Pha|20042021`;

let desk: TestDesk;

function declared(code: string, ending: string, at: string): unknown {
  const body = { person_code: code, full_name: "Nguyễn Văn An", birth_year: 1985, id_ending: ending, declared_at: at };
  return { ...(personCard(code, 1, "") as object), body };
}

beforeEach(async () => {
  vi.stubGlobal("IDBKeyRange", FakeKeyRange);
  desk = await TestDesk.open();
  const at = new Date(START).toISOString();
  desk.node.cards = [declared(ANNA, "0123", at), declared(OF_SAME_NAME, "9999", at)];
  await desk.startWork();
});

afterEach(() => {
  desk.node.isDown = true;
});

const scannedNow = (): unknown => desk.view.scanned;

test("h6: the card shows its owner, with the line down too, and nobody of the same name and year", async () => {
  desk.node.isDown = true;
  await desk.scan(cardOf("077085000123", "Nguyễn Văn An"));
  expect(scannedNow()).toMatchObject({ kind: "person", code: ANNA });
  await desk.scan(cardOf("077085009999", "Nguyễn Văn An"));
  expect(scannedNow()).toMatchObject({ kind: "person", code: OF_SAME_NAME });
});

test("h6: at an open tube its owner goes in, as somebody who has shown the card", async () => {
  await desk.scan("RT01", cardOf("077085000123", "Nguyễn Văn An"));
  expect(desk.view.desk).toMatchObject({ step: "collecting", members: [ANNA], seen: { [ANNA]: "card" } });
});

test.each([
  ["another number", "077085000777", "Nguyễn Văn An"],
  ["another name", "077085000123", "Nguyễn Văn Bình"],
])("a card with %s finds nobody, and puts nobody into the tube", async (_, number, name) => {
  await desk.scan("RT01", cardOf(number, name));
  expect(desk.view.desk).toMatchObject({ step: "collecting", members: [] });
  expect(desk.view.notice?.key).toBe("notice.paper_of_nobody");
});
