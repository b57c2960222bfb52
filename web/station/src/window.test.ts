/** Somebody without a phone at the window: declared for at the station, with the line down too, and sampled at once. */
import { IDBKeyRange as FakeKeyRange } from "fake-indexeddb";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { COMMAND_CODES } from "../../shared/src/codes.ts";
import { mistakeIn, phoneOf, type Told } from "./rules/declaring.ts";
import { choices } from "./rules/testing.ts";
import { TestDesk } from "./testing/desk.ts";
import { POST, TESTS } from "./testing/node.ts";

const NAME = "Điểu Thị Mơ";
const TOLD: Told = {
  fullName: `  ${NAME} `,
  birthYear: "1962",
  sex: "female",
  idNumber: "",
  phone: "0912 345 678",
  plate: "72b1-456.78",
  category: "other",
  vehicleClass: "motorbike",
  direction: "in",
  origin: "75",
  destination: "77",
  answers: ["cough"],
};

let desk: TestDesk;

beforeEach(async () => {
  vi.stubGlobal("IDBKeyRange", FakeKeyRange);
  desk = await TestDesk.open();
  await desk.startWork();
});

afterEach(() => {
  desk.node.isDown = true;
});

async function onDisk(): Promise<string> {
  const database = await new Promise<IDBDatabase>((resolve, reject) => {
    const opening = desk.databases.open("chotxanh-station");
    opening.onsuccess = () => {
      resolve(opening.result);
    };
    opening.onerror = () => {
      reject(new Error("not opened"));
    };
  });
  const all = await new Promise<unknown>((resolve) => {
    const reading = database.transaction("entries").objectStore("entries").getAll();
    reading.onsuccess = () => {
      resolve(reading.result);
    };
  });
  database.close();
  return JSON.stringify(all);
}

const factsOf = (kind: string): Record<string, unknown> | undefined =>
  desk.node.received.find((body) => body.kind === kind)?.facts;

test("with the line down somebody is declared for, stands on the screen and goes into the open tube", async () => {
  desk.node.isDown = true;
  await desk.scan("RT01");
  desk.station.askDeclare(true);
  await desk.station.declare(TOLD, null);
  const { view } = desk;
  expect(view).toMatchObject({ isDeclaring: false, person: { card: { full_name: NAME, plate: "72B1-456.78" } } });
  expect(view.members).toMatchObject([{ name: NAME }]);
  expect(view.caution?.sampling).toBe("single");
  await desk.scan(COMMAND_CODES.close_tube);
  desk.node.isDown = false;
  desk.station.lineMayBeBack();
  await desk.quiet();
  const registration = desk.node.received.find(({ kind }) => kind === "person.registered");
  expect(factsOf("declaration.submitted")).toMatchObject({ registration: registration?.id, answers: { cough: true, fever: false } });
  expect(factsOf("specimen.collected")).toMatchObject({ members: [{ registration: registration?.id, category: "other" }] });
  const personal = JSON.parse(desk.node.personal.get("person.registered") ?? "{}") as unknown;
  expect(personal).toMatchObject({ full_name: NAME, phone: "+84912345678", id_number: null });
});

test("what is declared at a post names its site, so that its other computers know of it", async () => {
  await desk.station.declare(TOLD, null);
  await desk.quiet();
  expect(factsOf("declaration.submitted")).toMatchObject({ site: "truck" });
});

test("the code of whom somebody declared for is shown until the next scan", async () => {
  await desk.station.declare(TOLD, null);
  const code = factsOf("declaration.submitted")?.["person_code"] ?? desk.view.person?.code;
  expect(desk.view.scanned).toMatchObject({ kind: "person", code, isNew: true });
  await desk.scan(String(code));
  expect(desk.view.scanned).toMatchObject({ kind: "person", code });
  expect(desk.view.scanned).not.toHaveProperty("isNew");
});

const CARD = "PZQ4Z8V7P49C6KB";

test("a card that nobody has is theirs from then on, with the line down too", async () => {
  desk.node.isDown = true;
  await desk.scan(CARD);
  expect(desk.view.printedCode).toBe(CARD);
  await desk.station.declare(TOLD, CARD);
  expect(desk.view).toMatchObject({ printedCode: null, person: { code: CARD, card: { full_name: NAME } } });
  expect(desk.view.scanned).not.toHaveProperty("isNew");
  desk.node.isDown = false;
  desk.station.lineMayBeBack();
  await desk.quiet();
  expect(factsOf("person.registered")).toMatchObject({ person_code: CARD });
  expect(factsOf("declaration.submitted")).toMatchObject({ person_code: CARD });
});

test("a card scanned into the tube before its owner is declared for is in it once, with their registration", async () => {
  await desk.scan("RT01", CARD);
  await desk.station.declare(TOLD, CARD);
  expect(desk.view.members).toMatchObject([{ code: CARD, name: NAME }]);
  expect(desk.view.notice).toBeNull();
  await desk.scan(COMMAND_CODES.close_tube);
  await desk.quiet();
  const registration = desk.node.received.find(({ kind }) => kind === "person.registered");
  expect(factsOf("specimen.collected")).toMatchObject({ members: [{ person_code: CARD, registration: registration?.id }] });
});

test("a code of somebody who is known here is no printed one", async () => {
  await desk.scan(CARD);
  await desk.station.declare(TOLD, CARD);
  await desk.scan("RT01", CARD);
  expect(desk.view.printedCode).toBeNull();
});

test("who somebody is lies open on no disk, and travels only while somebody is signed in", async () => {
  desk.node.isDown = true;
  await desk.station.declare(TOLD, null);
  expect(await onDisk()).not.toContain(NAME);
  expect(await desk.station.signOut(true)).toBeNull();
  desk.node.isDown = false;
  desk.station.lineMayBeBack();
  await desk.until(({ line }) => line === "up");
  expect(factsOf("person.registered")).toBeUndefined();
  expect(await desk.station.signIn("canbo", "x")).toBeNull();
  await desk.station.startShift("truck", POST, choices(TESTS)[0] ?? null);
  await desk.quiet();
  expect(desk.node.personal.get("person.registered")).toContain(NAME);
});

test.each<[string, Partial<Told>, string | null]>([
  ["a name that is empty", { fullName: " " }, "window.mend_name"],
  ["a name that lost letters", { fullName: "Nguyễn V?n" }, "window.mend_name"],
  ["a year of two digits", { birthYear: "62" }, "window.mend_birth"],
  ["a year to come", { birthYear: "2030" }, "window.mend_birth"],
  ["a short phone number", { phone: "0912 345" }, "window.mend_phone"],
  ["a number with a letter too many", { idNumber: "0770850001234X" }, "window.mend_id"],
  ["neither phone nor number", { phone: "", idNumber: "" }, null],
])("%s is mended first or let pass", (_, more, mistake) => {
  expect(mistakeIn({ ...TOLD, ...more }, Date.parse("2021-07-20T06:00:00Z"))).toBe(mistake);
});

test("phone numbers are kept with their country", () => {
  expect(["0912.345.678", "+85620123456", "12"].map(phoneOf)).toEqual(["+84912345678", "+85620123456", null]);
});
