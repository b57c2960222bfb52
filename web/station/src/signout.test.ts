/** A sign-out ends the token at the node whenever it is told; until then nothing lies here that would open anything. */
import { IDBKeyRange as FakeKeyRange } from "fake-indexeddb";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { newCode } from "../../shared/src/codes.ts";
import { derivation } from "./keys/pins.ts";
import { Store } from "./store/store.ts";
import { TestDesk } from "./testing/desk.ts";

const PATIENCE = { timeout: 60_000 };
const MAI = newCode("B", new Uint8Array(16).fill(1));
let desk: TestDesk;

beforeEach(async () => {
  derivation.iterations = 1_000;
  vi.stubGlobal("IDBKeyRange", FakeKeyRange);
  desk = await TestDesk.open();
  await desk.startWork();
});

afterEach(() => {
  desk.node.isDown = true;
});

async function kept(): Promise<string[]> {
  const store = await Store.open(desk.databases);
  const signOuts = await store.get("signOuts");
  store.close();
  return signOuts ?? [];
}

async function lineDown(): Promise<void> {
  desk.node.isDown = true;
  desk.station.lineMayBeBack();
  await desk.until(({ line }) => line === "down");
}

async function lineBack(): Promise<void> {
  desk.node.isDown = false;
  desk.station.lineMayBeBack();
  await desk.until(({ line }) => line === "up");
}

test("a sign-out without a line is told once the line is back, and forgotten here", async () => {
  await lineDown();
  expect(await desk.station.signOut(true)).toBeNull();
  expect(desk.node.isTokenGood).toBe(true);
  await lineBack();
  await vi.waitUntil(() => !desk.node.isTokenGood, PATIENCE);
  await vi.waitUntil(async () => (await kept()).length === 0, PATIENCE);
});

test("a page that was closed and opened again still tells", async () => {
  await lineDown();
  await desk.station.signOut(true);
  await desk.reload();
  await lineBack();
  await vi.waitUntil(() => !desk.node.isTokenGood, PATIENCE);
});

test("what is kept until then opens nothing: the token lies nowhere", async () => {
  await lineDown();
  await desk.station.signOut(true);
  const [told, ...others] = await kept();
  expect(others).toEqual([]);
  expect(told).toMatch(/^[\w-]{43}$/);
});

test("what was recorded is handed in before its token ends", async () => {
  const order: string[] = [];
  await lineDown();
  await desk.station.signOut(true);
  desk.node.instead = (path) => {
    order.push(path);
    return null;
  };
  await lineBack();
  await vi.waitUntil(() => order.includes("/api/v1/sign-out"), PATIENCE);
  expect(order.indexOf("/api/v1/entries")).toBeLessThan(order.indexOf("/api/v1/sign-out"));
});

test("a network that answers in the node's place is told nothing for good", async () => {
  await lineDown();
  await desk.station.signOut(true);
  desk.node.instead = (path) => (path === "/api/v1/sign-out" ? new Response("<p>Wi-Fi</p>") : null);
  await lineBack();
  await desk.quiet();
  expect(await kept()).toHaveLength(1);
  desk.node.instead = null;
  desk.station.lineMayBeBack();
  await vi.waitUntil(() => !desk.node.isTokenGood, PATIENCE);
});

test("who takes over by a PIN without a line ends the token of the one before", async () => {
  desk.node.badges.set(MAI, "482913");
  await desk.scan(MAI);
  expect(await desk.station.signInByBadge("482913", null)).toBeNull();
  expect(await desk.station.signIn("canbo", "x")).toBeNull();
  await desk.quiet();
  await vi.waitUntil(async () => (await kept()).length === 0, PATIENCE);
  await lineDown();
  await desk.scan(MAI);
  expect(await desk.station.signInByBadge("482913", null)).toBeNull();
  expect(await kept()).toHaveLength(1);
});
