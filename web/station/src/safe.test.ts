/** What a station keeps of people while nobody is signed in (finding D3): sealed, and not for long. */
import { IDBKeyRange as FakeKeyRange } from "fake-indexeddb";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { COMMAND_CODES } from "../../shared/src/codes.ts";
import { WIPED_AFTER_MS } from "./safe.ts";
import { Store } from "./store/store.ts";
import { ANNA, personCard, TestDesk } from "./testing/desk.ts";
import { choices } from "./rules/testing.ts";
import { POST, TESTS } from "./testing/node.ts";

const NAME = "Nguyễn Thị An";
const HOUR = 3_600_000;

let desk: TestDesk;

beforeEach(async () => {
  vi.stubGlobal("IDBKeyRange", FakeKeyRange);
  desk = await TestDesk.open();
  desk.node.cards = [personCard(ANNA, 1, NAME)];
  await desk.startWork();
  await isKnown();
});

afterEach(() => {
  desk.node.isDown = true;
});

const nameOf = (): string | undefined => desk.station.holder.state.persons.get(ANNA)?.full_name;
const isKnown = (): Promise<void> => desk.until(({ persons }) => persons.size === 1);

/** What whoever opens the browser's database finds: texts, and bytes read as texts. */
async function onDisk(): Promise<string> {
  const request = desk.databases.open("chotxanh-station");
  const database = await new Promise<IDBDatabase>((resolve) => {
    request.onsuccess = () => {
      resolve(request.result);
    };
  });
  const found: unknown[] = [];
  for (const name of database.objectStoreNames) {
    const all = database.transaction(name).objectStore(name).getAll() as IDBRequest<unknown[]>;
    await new Promise<void>((resolve) => {
      all.onsuccess = () => {
        found.push(...all.result);
        resolve();
      };
    });
  }
  database.close();
  const plain = (_key: string, value: unknown): unknown => {
    return value instanceof ArrayBuffer ? new TextDecoder().decode(value) : value;
  };
  return JSON.stringify(found, plain);
}

async function signOut(): Promise<void> {
  expect(await desk.station.signOut(false)).toBeNull();
}

test("d3: after the sign-out no card lies open on the disk, nor in the page", async () => {
  expect(await onDisk()).toContain(NAME);
  await signOut();
  expect(await onDisk()).not.toContain(NAME);
  expect(desk.station.holder.state.persons.size).toBe(0);
  await desk.reload();
  expect(desk.station.holder.state.persons.size).toBe(0);
});

test("d3: neither the key nor the token is left behind, and the key never lay there as a text", async () => {
  expect(await onDisk()).not.toContain(desk.node.cardKey);
  await signOut();
  const store = await Store.open(desk.databases);
  expect([await store.get("cardKey"), await store.get("session")]).toEqual([null, null]);
});

test("the next sign-in opens the cards at once and reads on from where it stood", async () => {
  await signOut();
  const asked = vi.spyOn(desk.node, "fetch");
  expect(await desk.station.signIn("canbo", "x")).toBeNull();
  expect(nameOf()).toBe(NAME);
  await desk.station.startShift("truck", POST, choices(TESTS)[0] ?? null);
  await desk.quiet();
  const afters = asked.mock.calls.map(([input]) => String(input)).filter((path) => path.includes("/feed"));
  expect(afters.every((path) => path.includes("after=first.1"))).toBe(true);
});

test("cards that the key of the sign-in does not open are forgotten and read anew", async () => {
  await signOut();
  desk.node.cardKey = "HxwdGhsYGRYXFBUSExAREg8MDQoLCAkGBwQFAgMAAQA";
  await desk.startWorkAgain();
  await isKnown();
  expect(nameOf()).toBe(NAME);
});

test("what waits is sent although nobody is signed in", async () => {
  desk.node.isDown = true;
  await desk.scan("RT01", ANNA, COMMAND_CODES.close_tube);
  expect(await desk.station.signOut(true)).toBeNull();
  desk.node.isDown = false;
  desk.station.lineMayBeBack();
  await desk.quiet();
  expect(desk.node.received.map(({ kind }) => kind)).toContain("specimen.collected");
});

test("a session that is over seals the cards between shifts, and never during one", async () => {
  desk.elapsed += 2 * HOUR;
  desk.station.tick();
  expect(nameOf()).toBe(NAME);
  await signOut();
  expect(await desk.station.signIn("canbo", "x")).toBeNull();
  desk.elapsed += 2 * HOUR;
  desk.station.tick();
  await desk.until(({ session, persons }) => session === null && persons.size === 0);
  expect(await onDisk()).not.toContain(NAME);
});

test("d3: cards are wiped 48 hours after the last shift", async () => {
  await signOut();
  desk.elapsed += WIPED_AFTER_MS - HOUR;
  desk.station.tick();
  expect(await desk.station.signIn("canbo", "x")).toBeNull();
  expect(nameOf()).toBe(NAME);
  await signOut();
  desk.elapsed += 2 * HOUR;
  desk.station.tick();
  const store = await Store.open(desk.databases);
  await vi.waitUntil(async () => (await store.get("cursor")) === null, { timeout: 60_000 });
  expect(await desk.station.signIn("canbo", "x")).toBeNull();
  expect(nameOf()).toBeUndefined();
});

test("d3: a device that was revoked forgets everybody at once, and says so", async () => {
  desk.node.isRevoked = true;
  desk.station.lineMayBeBack();
  await desk.until(({ isRevoked, persons }) => isRevoked && persons.size === 0);
  expect(await onDisk()).not.toContain(NAME);
  expect(desk.view.isRevoked).toBe(true);
});

test("d3: who is refused at a revoked device finds nothing there", async () => {
  await signOut();
  desk.node.isRevoked = true;
  expect(await desk.station.signIn("canbo", "x")).toMatchObject({ code: "device_revoked" });
  const store = await Store.open(desk.databases);
  expect(await store.get("cursor")).toBeNull();
  desk.node.isRevoked = false;
  expect(await desk.station.signIn("canbo", "x")).toBeNull();
  expect(nameOf()).toBeUndefined();
});
