/** What answers in the node's place is not the node (G6), and what the node will not take holds back nothing else (B9). */
import { IDBKeyRange as FakeKeyRange } from "fake-indexeddb";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { COMMAND_CODES, newCode } from "../../shared/src/codes.ts";
import { ANNA, personCard, START, TestDesk } from "./testing/desk.ts";
import { json, TestNode } from "./testing/node.ts";

const BINH = newCode("P", new Uint8Array(16).fill(7));

let desk: TestDesk;

beforeEach(async () => {
  vi.stubGlobal("IDBKeyRange", FakeKeyRange);
  desk = await TestDesk.open();
  desk.node.cards = [personCard(ANNA, 1, "Anna")];
  await desk.startWork();
});

afterEach(() => {
  desk.node.isDown = true;
});

const page = (status: number): Response =>
  new Response("<html>Mời đăng nhập Wi-Fi</html>", { status, headers: { "Content-Type": "text/html" } });

const waiting = (): number => desk.view.waiting.count;
const tubes = (): unknown[] =>
  desk.node.received.filter(({ kind }) => kind === "specimen.collected").map(({ facts }) => facts["tube"]);

const missing = (): unknown[] =>
  desk.station.holder.state.entries
    .filter(({ happening, state }) => happening.kind === "specimen.collected" && state === "waiting")
    .map(({ happening }) => ("tube" in happening.facts ? happening.facts.tube : null));

async function sample(...names: string[]): Promise<void> {
  for (const name of names) await desk.scan(name, ANNA, COMMAND_CODES.close_tube);
}

test.each([200, 302, 401, 403, 404, 511])("g6: a network that answers with a page (%i) is no line", async (status) => {
  desk.node.instead = () => page(status === 302 ? 200 : status);
  await desk.scan("RT01", ANNA, COMMAND_CODES.close_tube);
  await desk.until(({ line }) => line === "down");
  expect(waiting()).toBe(1);
  expect(desk.view.isTokenRefused).toBe(false);
  await desk.scan(BINH);
  await desk.until(({ scanned }) => scanned?.kind === "person" && scanned.lookup !== "asking");
  expect(desk.view.scanned, "the node never said that there is no declaration").toMatchObject({ lookup: "offline" });
  desk.node.instead = null;
  desk.station.lineMayBeBack();
  await desk.quiet();
});

test("g6: behind such a network nobody is told that the password is wrong", async () => {
  await desk.station.signOut(false);
  desk.node.instead = () => page(403);
  expect(await desk.station.signIn("canbo", "x")).toEqual({ kind: "unreachable" });
});

test("g6: another node is no line: neither its time is taken, nor its word on tokens and people", async () => {
  const other = await TestNode.start(() => START + 10 * 3_600_000);
  Object.assign(other, { id: "33333333-3333-4333-8333-333333333333", isTokenGood: false });
  const { node } = desk;
  desk.node = other;
  desk.elapsed += 3_600_000;
  await desk.scan("RT01", ANNA, COMMAND_CODES.close_tube);
  await desk.until(({ line }) => line === "down");
  expect(desk.view.isTokenRefused).toBe(false);
  expect(desk.station.holder.state.persons.size).toBe(1);
  expect(waiting()).toBe(1);
  desk.node = node;
  desk.station.lineMayBeBack();
  await desk.quiet();
  expect(tubes()).toEqual(["RT01"]);
});

test("g6: a receipt by another key is nobody's word", async () => {
  const other = await TestNode.start(() => START);
  Object.assign(other, { id: desk.node.id });
  const { node } = desk;
  desk.node = other;
  await sample("RT01");
  await desk.until(({ line }) => line === "down");
  expect(waiting()).toBe(1);
  desk.node = node;
});

const refusing = (status: number, tubes: string[]) => (path: string, body: string): Response | null =>
  path.endsWith("/entries") && tubes.some((tube) => body.includes(`"${tube}\\"`))
    ? json(status, { code: "any", status, title: "" })
    : null;

test.each([400, 413, 500])("b9: an entry that the node will not take (%i) holds back no other", async (status) => {
  desk.node.isDown = true;
  const names = Array.from({ length: 12 }, (_none, index) => `RT${10 + index}`);
  await sample(...names);
  desk.node.instead = refusing(status, ["RT13", "RT14", "RT19"]);
  desk.node.isDown = false;
  desk.station.lineMayBeBack();
  await desk.until(({ isStuck, line }) => isStuck && line === "up");
  expect(tubes()).toEqual(names.filter((name) => !["RT13", "RT14", "RT19"].includes(name)));
  expect(missing()).toEqual(["RT13", "RT14", "RT19"]);
  desk.node.instead = null;
  desk.station.lineMayBeBack();
  // The round is over a moment after its last receipt.
  await desk.until(({ isStuck }) => !isStuck);
  await desk.quiet();
  expect(new Set(tubes())).toEqual(new Set(names));
});

test("b9: a node that fails over everything is asked no more often than it must be", async () => {
  desk.node.isDown = true;
  const names = Array.from({ length: 60 }, (_none, index) => `RT${10 + index}`);
  await sample(...names);
  let asked = 0;
  desk.node.instead = (path) => {
    if (!path.endsWith("/entries")) return null;
    asked += 1;
    return json(500, { code: "server_error", status: 500, title: "" });
  };
  desk.node.isDown = false;
  desk.station.lineMayBeBack();
  await vi.waitUntil(() => asked > 0);
  await desk.until(({ line }) => line === "down");
  expect(asked).toBeLessThan(10);
  expect(missing()).toEqual(names);
});

test("the clock is measured at each sign-in: where the node's was put right, no shift seems older than its ticket", async () => {
  const measured = (): number => desk.node.received.filter(({ kind }) => kind === "clock.measured").length;
  const before = measured();
  await desk.station.signOut(true);
  await desk.startWorkAgain();
  const kinds = desk.node.received.map(({ kind }) => kind);
  expect(measured()).toBe(before + 1);
  expect(kinds.lastIndexOf("clock.measured")).toBeLessThan(kinds.lastIndexOf("shift.started"));
});
