/** The whole station without its screens, against a node at the network's edge. */
import { IDBFactory, IDBKeyRange as FakeKeyRange } from "fake-indexeddb";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { COMMAND_CODES, newCode } from "../../shared/src/codes.ts";
import { Station } from "./station.ts";
import type { State } from "./state.ts";
import { choices } from "./rules/testing.ts";
import { POST, TESTS, TestNode } from "./testing/node.ts";
import { viewOf, type View } from "./view.ts";

const START = Date.parse("2021-07-20T06:00:00.000Z");
const ANNA = newCode("P", new Uint8Array(16));
const BINH = newCode("P", new Uint8Array(16).fill(7));

let node: TestNode;
let databases: IDBFactory;
let station: Station;
let elapsed: number;
let moved: number;

const open = (): Promise<Station> =>
  Station.open({
    fetch: node.fetch,
    databases,
    wall: () => START + elapsed + moved,
    counter: () => elapsed,
    language: () => "vi",
    storeLost: () => undefined,
  });

const view = (): View => viewOf(station.holder.state);
const until = (isSo: (state: State) => boolean): Promise<void> =>
  vi.waitUntil(() => isSo(station.holder.state), { timeout: 60_000 }).then(() => undefined);
const isQuiet = (state: State): boolean =>
  state.line === "up" && !state.entries.some((entry) => entry.state === "waiting");

/** Each scan two seconds after the last: none is an echo of the one before. */
async function scan(...codes: string[]): Promise<void> {
  for (const code of codes) {
    elapsed += 2_000;
    await station.scan(code, "clean");
  }
}

async function startWork(): Promise<void> {
  expect(await station.enrol("GOOD", "Máy 1")).toBeNull();
  expect(await station.signIn("canbo", "x")).toBeNull();
  await station.startShift("truck", POST, choices(TESTS)[0] ?? null);
  await until(isQuiet);
}

async function reload(): Promise<void> {
  elapsed += 1_000;
  station = await open();
}

beforeEach(async () => {
  vi.stubGlobal("IDBKeyRange", FakeKeyRange);
  elapsed = 100;
  moved = 0;
  databases = new IDBFactory();
  node = await TestNode.start(() => START + elapsed);
  station = await open();
});

afterEach(() => {
  node.isDown = true;
});

const FAR = START + 48 * 3_600_000;

const personCard = (id: string, version: number, full_name: string, expires_at = FAR): unknown => ({
  kind: "person",
  id,
  version,
  expires_at,
  body: { person_code: id, full_name },
});

const kinds = (): string[] => node.received.map(({ kind }) => kind).filter((kind) => !kind.startsWith("clock."));

test("enrol, sign in, choose a lane, and the shift is proven in the log", async () => {
  expect(view().stage).toBe("enrol");
  await startWork();
  expect(view().stage).toBe("work");
  const shift = node.received.find(({ kind }) => kind === "shift.started");
  expect(shift).toMatchObject({ actor: "staff-canbo", facts: { post: POST, ticket: "ticket" } });
});

test("a wrong code is answered with the node's problem", async () => {
  expect(await station.enrol("BAD", "Máy 1")).toEqual({ kind: "refused", code: "enrolment_code_unknown", title: "" });
});

test("without a line nobody signs in, and the station says why", async () => {
  await station.enrol("GOOD", "Máy 1");
  node.isDown = true;
  elapsed += 3_600_000;
  expect(await station.signIn("canbo", "x")).toEqual({ kind: "unreachable" });
});

test("a pool and its result reach the node with unbroken numbers", async () => {
  await startWork();
  await scan("RT01", ANNA, BINH, COMMAND_CODES.close_tube, "RT01", COMMAND_CODES.negative);
  await until(isQuiet);
  expect(kinds()).toEqual(["shift.started", "specimen.collected", "result.recorded"]);
  expect(node.received.map(({ seq }) => seq)).toEqual(node.received.map((_entry, index) => index + 1));
});

test("with the line down work goes on, survives a reload, and goes up when the line is back", async () => {
  await startWork();
  node.isDown = true;
  await scan("RT01", ANNA);
  await reload();
  expect(view()).toMatchObject({ stage: "work", desk: { step: "collecting", tube: "RT01", members: [ANNA] } });
  await scan(COMMAND_CODES.close_tube, "RT01", COMMAND_CODES.positive);
  await until(({ line }) => line === "down");
  expect(view().waiting.count).toBe(2);
  station.tick();
  expect(view().isClockDoubtful).toBe(true);
  node.isDown = false;
  station.lineMayBeBack();
  await until(isQuiet);
  expect(kinds()).toEqual(["shift.started", "specimen.collected", "result.recorded"]);
  station.tick();
  expect(view().isClockDoubtful).toBe(false);
});

test("entries made offline go up in batches of at most fifty", async () => {
  await startWork();
  node.isDown = true;
  for (let index = 0; index < 60; index += 1) await scan(`RT${100 + index}`, ANNA);
  node.isDown = false;
  node.batches.length = 0;
  station.lineMayBeBack();
  await until(isQuiet);
  expect(Math.max(...node.batches)).toBe(50);
  expect(new Set(node.received.map(({ id }) => id)).size).toBe(node.received.length);
});

test("an entry leaves the outbox only on a receipt that the node signed", async () => {
  await startWork();
  node.forge = (receipt) => receipt.replace('"applied"', '"duplicate"');
  await scan("RT01", ANNA, COMMAND_CODES.close_tube);
  await until(({ line }) => line === "down");
  expect(view().waiting.count).toBe(1);
  node.forge = (receipt) => receipt;
  station.lineMayBeBack();
  await until(isQuiet);
});

test("rejected and held entries are kept where the officer sees them", async () => {
  await startWork();
  node.judge = ({ kind, facts }) => {
    if (kind !== "specimen.collected") return { answer: "applied", problem: null };
    return facts["tube"] === "RT01"
      ? { answer: "rejected", problem: "payload_invalid" }
      : { answer: "held", problem: "actor_not_allowed" };
  };
  await scan("RT01", ANNA, "RT02", BINH, COMMAND_CODES.close_tube);
  await until(isQuiet);
  expect(view().attention.map(({ state, problem }) => [state, problem])).toEqual([
    ["held", "actor_not_allowed"],
    ["rejected", "payload_invalid"],
  ]);
});

test("a rejected collection never happened: its tube may be used again", async () => {
  await startWork();
  node.judge = ({ kind }) =>
    kind === "specimen.collected"
      ? { answer: "rejected", problem: "payload_invalid" }
      : { answer: "applied", problem: null };
  await scan("RT01", ANNA, COMMAND_CODES.close_tube);
  await until(isQuiet);
  await scan("RT01");
  expect(view().desk).toMatchObject({ step: "collecting", tube: "RT01" });
});

test("a refused token asks to sign in again and loses nothing", async () => {
  await startWork();
  node.isTokenGood = false;
  station.lineMayBeBack();
  await until(({ isTokenRefused }) => isTokenRefused);
  await scan("RT01", ANNA, COMMAND_CODES.close_tube);
  await until(isQuiet);
  expect(await station.signIn("canbo", "x")).toBeNull();
  expect(view()).toMatchObject({ stage: "work", isTokenRefused: false });
  await until(isQuiet);
  // The ticket of before ended with the new sign-in: what is recorded now rests on the new one.
  expect(kinds()).toEqual(["shift.started", "specimen.collected", "shift.started"]);
});

test("who signs out is signed out at the node too", async () => {
  await startWork();
  expect(await station.signOut(false)).toBeNull();
  await until(isQuiet);
  expect(node.isTokenGood).toBe(false);
  expect(kinds()).toEqual(["shift.started", "shift.ended"]);
});

test("another officer who signs in takes over: the first one's shift ends in the log", async () => {
  await startWork();
  expect(await station.signIn("khac", "x")).toBeNull();
  await station.startShift("truck", POST, choices(TESTS)[0] ?? null);
  await until(isQuiet);
  expect(node.received.filter(({ kind }) => kind.startsWith("shift")).map(({ kind, actor }) => [kind, actor])).toEqual([
    ["shift.started", "staff-canbo"],
    ["shift.ended", "staff-canbo"],
    ["shift.started", "staff-khac"],
  ]);
});

test("nobody leaves while people are in a tube that is not recorded", async () => {
  await startWork();
  await scan("RT01", ANNA);
  expect(await station.signOut(false)).toEqual({ kind: "tube_open" });
  expect(await station.signIn("khac", "x")).toEqual({ kind: "tube_open" });
  await scan(COMMAND_CODES.close_tube);
  expect(await station.signOut(false)).toBeNull();
  expect(view().stage).toBe("sign_in");
});

test("with the line down the shift ends only when it is meant", async () => {
  await startWork();
  node.isDown = true;
  station.lineMayBeBack();
  await until(({ line }) => line === "down");
  expect(await station.signOut(false)).toEqual({ kind: "offline" });
  expect(view().stage).toBe("work");
  expect(await station.signOut(true)).toBeNull();
  expect(view()).toMatchObject({ stage: "sign_in", waiting: { count: 1 } });
});

test("a clock that is moved is an entry before the next one, and the next one says so", async () => {
  await startWork();
  moved = 3_600_000;
  node.isDown = true;
  await scan("RT01", ANNA, COMMAND_CODES.close_tube);
  node.isDown = false;
  station.lineMayBeBack();
  await until(isQuiet);
  const jumpAt = node.received.findIndex(({ kind }) => kind === "clock.jumped");
  expect(node.received[jumpAt]?.facts).toEqual({ by: 3_600_000 });
  expect(node.received[jumpAt + 1]).toMatchObject({ kind: "specimen.collected", clock: { state: "jumped" } });
});

test("the same code twice within a second and a half is one scan", async () => {
  await startWork();
  await scan("RT01");
  elapsed += 1_400;
  await station.scan("RT01", "clean");
  expect(view().notice?.key).toBe("notice.tube_opened");
});

test("a person without a card is no error, online or offline", async () => {
  await startWork();
  await scan("RT01", ANNA);
  await until(({ scanned }) => scanned?.kind === "person" && scanned.lookup === "unknown");
  node.isDown = true;
  await scan(BINH);
  await until(({ scanned }) => scanned?.kind === "person" && scanned.lookup === "offline");
  expect(view().members.map(({ code }) => code)).toEqual([ANNA, BINH]);
});

test("cards of the feed are shown, and the same page twice changes nothing", async () => {
  node.cards = [personCard(ANNA, 1, "Nguyễn Thị An")];
  await startWork();
  await until(({ persons }) => persons.size === 1);
  station.lineMayBeBack();
  await scan(ANNA);
  expect(view().person?.card?.full_name).toBe("Nguyễn Thị An");
});

test("h8: while the cards of a new station are coming, it says so", async () => {
  node.cards = [personCard(ANNA, 1, "Nguyễn Thị An"), personCard(BINH, 2, "Trần Văn Bình")];
  node.pageSize = 1;
  const seen: boolean[] = [];
  station.holder.listen(({ isFilling }) => seen.push(isFilling));
  await startWork();
  await until(({ persons }) => persons.size === 2);
  expect(seen).toContain(true);
  expect(view().isFilling).toBe(false);
});

test("a new beginning of the feed forgets every card that was held", async () => {
  node.cards = [personCard(ANNA, 7, "Nguyễn Thị An"), personCard(BINH, 8, "Trần Văn Bình")];
  await startWork();
  await until(({ persons }) => persons.size === 2);
  node.feedEpoch = "second";
  node.cards = [personCard(BINH, 1, "Trần Thị Bình")];
  station.lineMayBeBack();
  await until(({ persons }) => persons.size === 1);
  expect(station.holder.state.persons.get(BINH)?.full_name).toBe("Trần Thị Bình");
  await reload();
  expect([...station.holder.state.persons.keys()]).toEqual([BINH]);
});

test("a card that is over is forgotten, but never by a clock in doubt", async () => {
  node.cards = [personCard(ANNA, 1, "Nguyễn Thị An", START + 3_600_000)];
  await startWork();
  await until(({ persons }) => persons.size === 1);
  moved = 7_200_000;
  station.lineMayBeBack();
  await scan("RT01");
  await until(isQuiet);
  expect(station.holder.state.persons.size).toBe(1);
  moved = 0;
  elapsed += 3_600_000;
  station.lineMayBeBack();
  await until(({ persons }) => persons.size === 0);
});

test("c6: a busy node is left alone for as long as it asked, however much is scanned meanwhile", async () => {
  await startWork();
  node.busyFor = 60;
  await scan("RT01", ANNA);
  await until(({ line }) => line === "down");
  const { sentAway } = node;
  await scan(BINH, COMMAND_CODES.close_tube);
  expect(node.sentAway).toBe(sentAway);
});
