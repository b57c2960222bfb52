/** Who opened whose card at the station is kept, line or no line, and handed in once. */
import { IDBKeyRange as FakeKeyRange } from "fake-indexeddb";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { COMMAND_CODES, newCode } from "../../shared/src/codes.ts";
import { Store } from "./store/store.ts";
import { ANNA, personCard, TestDesk } from "./testing/desk.ts";

const BINH = newCode("P", new Uint8Array(16).fill(7));
const PATIENCE = { timeout: 60_000 };
let desk: TestDesk;

beforeEach(async () => {
  vi.stubGlobal("IDBKeyRange", FakeKeyRange);
  desk = await TestDesk.open();
  desk.node.cards = [personCard(ANNA, 1, "Anna"), personCard(BINH, 2, "Bình")];
  await desk.startWork();
  await desk.until(({ persons }) => persons.size === 2);
});

afterEach(() => {
  desk.node.isDown = true;
});

const told = (): string[] => [...desk.node.looks.values()].map(({ person_code }) => person_code);

async function kept(): Promise<string[]> {
  const store = await Store.open(desk.databases);
  const looks = (await store.get("looks")) ?? [];
  store.close();
  return looks.map(({ person_code }) => person_code);
}

async function contact(): Promise<void> {
  desk.station.lineMayBeBack();
  await desk.quiet();
}

test("whose card was opened without a line is told once the line is back, and forgotten here", async () => {
  desk.node.isDown = true;
  await desk.scan(ANNA, BINH);
  await vi.waitUntil(async () => (await kept()).length === 2, PATIENCE);
  expect(told()).toEqual([]);
  desk.node.isDown = false;
  await contact();
  await vi.waitUntil(async () => (await kept()).length === 0, PATIENCE);
  expect(told()).toEqual([ANNA, BINH]);
});

test("a page that was closed and opened again still tells", async () => {
  desk.node.isDown = true;
  await desk.scan(ANNA);
  await vi.waitUntil(async () => (await kept()).length === 1, PATIENCE);
  await desk.reload();
  desk.node.isDown = false;
  await contact();
  await vi.waitUntil(() => told().length === 1, PATIENCE);
  expect(told()).toEqual([ANNA]);
});

test("the same card opened again and again is one look", async () => {
  desk.node.isDown = true;
  await desk.scan(ANNA, BINH, ANNA, BINH);
  await vi.waitUntil(async () => (await kept()).length === 2, PATIENCE);
  expect(await kept()).toEqual([ANNA, BINH]);
});

test("a tube that is opened shows everyone in it", async () => {
  await desk.scan("RT01", ANNA, BINH, COMMAND_CODES.close_tube);
  await desk.quiet();
  desk.elapsed += 3_600_000;
  desk.node.looks.clear();
  await desk.scan("RT01");
  await contact();
  await vi.waitUntil(() => told().length === 2, PATIENCE);
  expect(new Set(told())).toEqual(new Set([ANNA, BINH]));
});

test("of whom the node was asked it is not told again, nor of codes that show nothing", async () => {
  const stranger = newCode("P", new Uint8Array(16).fill(9));
  await desk.scan(stranger);
  await desk.until(({ scanned }) => scanned?.kind === "person" && scanned.lookup === "unknown");
  await contact();
  expect([...(await kept()), ...told()]).toEqual([]);
});

test("a node that refuses them gets them later, and work goes on", async () => {
  desk.node.instead = (path) => (path === "/api/v1/looks" ? new Response("{}", { status: 403, headers: { "Content-Type": "application/json" } }) : null);
  await desk.oneTube("RT01");
  expect(await kept()).toContain(ANNA);
  desk.node.instead = null;
  await contact();
  await vi.waitUntil(async () => (await kept()).length === 0, PATIENCE);
  expect(told()).toContain(ANNA);
});

test("a look that the node does not take yet is kept, and told again after a while and not at every contact", async () => {
  desk.node.notYet.add(ANNA);
  await desk.scan(ANNA, BINH);
  await contact();
  await vi.waitUntil(async () => (await kept()).length === 1, PATIENCE);
  expect([await kept(), told()]).toEqual([[ANNA], [BINH]]);
  const heard = desk.node.looksHeard;
  await contact();
  expect(desk.node.looksHeard).toBe(heard);
  desk.node.notYet.clear();
  desk.elapsed += 600_000;
  await contact();
  await vi.waitUntil(async () => (await kept()).length === 0, PATIENCE);
  expect(told()).toEqual([BINH, ANNA]);
});
