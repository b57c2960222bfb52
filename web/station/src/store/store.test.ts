import { IDBFactory, IDBKeyRange as FakeKeyRange } from "fake-indexeddb";
import { beforeEach, expect, test, vi } from "vitest";
import type { Card } from "../rules/cards.ts";
import { type Draft, Store } from "./store.ts";

let databases: IDBFactory;
let store: Store;

beforeEach(async () => {
  vi.stubGlobal("IDBKeyRange", FakeKeyRange);
  databases = new IDBFactory();
  store = await Store.open(databases);
});

const stamp = {
  occurredAt: "2021-07-20T06:00:00.000Z",
  clock: { boot: "b", mono: 1, anchor: null, state: "unknown" as const },
};

function draft(id: string, more: Partial<Draft> = {}): Draft {
  const facts = { facility: "F1", tube: id, test_type: "ag_rapid", value: "negative" } as const;
  return {
    id,
    device: "d",
    actor: "a",
    stamp,
    at: 100,
    freshLog: `log-of-${id}`,
    happening: { kind: "result.recorded", facts },
    ...more,
  };
}

const numbering = (body: string): unknown => {
  const { log, seq } = JSON.parse(body) as { log: string; seq: number };
  return [log, seq];
};

test("entries written at once get running numbers of one log without a gap", async () => {
  const written = await Promise.all(["x", "y", "z"].map((id) => store.append(draft(id))));
  expect(written.map((entry) => numbering(entry.body))).toEqual([
    ["log-of-x", 1],
    ["log-of-x", 2],
    ["log-of-x", 3],
  ]);
});

test("numbers go on after the page was closed", async () => {
  await store.append(draft("x"));
  store.close();
  store = await Store.open(databases);
  expect(numbering((await store.append(draft("y"))).body)).toEqual(["log-of-x", 2]);
});

test("a cleared store begins a new log at one", async () => {
  await store.append(draft("x"));
  store = await Store.open(new IDBFactory());
  expect(numbering((await store.append(draft("y"))).body)).toEqual(["log-of-y", 1]);
});

test("an entry that cannot be written takes no number and changes nothing else", async () => {
  await store.append(draft("x"), { desk: { step: "idle" } });
  await expect(
    store.append(draft("x"), { desk: { step: "collecting", tube: "T", members: [] } }),
  ).rejects.toBeDefined();
  expect(await store.get("desk")).toEqual({ step: "idle" });
  expect(numbering((await store.append(draft("y"))).body)).toEqual(["log-of-x", 2]);
});

test("entries and what goes with them are on disk together", async () => {
  await store.append(draft("x"), { desk: { step: "resulting", tube: "x", correcting: false } });
  expect(await store.get("desk")).toEqual({ step: "resulting", tube: "x", correcting: false });
  await store.put({ desk: null });
  expect(await store.get("desk")).toBeNull();
});

test("only a verdict takes an entry out of the outbox, and rejected ones are kept with their reason", async () => {
  for (const id of ["w", "s", "h", "r"]) await store.append(draft(id));
  await store.settle([
    { id: "s", state: "settled", problem: null },
    { id: "h", state: "held", problem: "actor_not_allowed" },
    { id: "r", state: "rejected", problem: "id_reused" },
    { id: "nobody", state: "settled", problem: null },
  ]);
  expect((await store.waiting()).map(({ id }) => id)).toEqual(["w"]);
  const states = new Map((await store.entries()).map(({ id, state, problem }) => [id, [state, problem]]));
  expect(states.get("h")).toEqual(["held", "actor_not_allowed"]);
  expect(states.get("r")).toEqual(["rejected", "id_reused"]);
});

test("a second verdict changes nothing", async () => {
  await store.append(draft("x"));
  await store.settle([{ id: "x", state: "rejected", problem: "id_reused" }]);
  await store.settle([{ id: "x", state: "settled", problem: null }]);
  expect((await store.entries())[0]?.state).toBe("rejected");
});

test("receipted entries about tubes stay until their card has come, others go at once", async () => {
  await store.append(draft("tube"));
  await store.append(draft("shift", { happening: { kind: "shift.ended", facts: {} } }));
  await store.settle(["tube", "shift"].map((id) => ({ id, state: "settled" as const, problem: null })));
  expect((await store.entries()).map(({ id }) => id)).toEqual(["tube"]);
  await store.forgetSettled(101);
  expect(await store.entries()).toEqual([]);
});

test("forgetting never touches what waits, is held or was rejected", async () => {
  for (const id of ["w", "h", "r"]) await store.append(draft(id));
  await store.settle([
    { id: "h", state: "held", problem: null },
    { id: "r", state: "rejected", problem: null },
  ]);
  await store.forgetSettled(Infinity);
  expect(await store.entries()).toHaveLength(3);
});

test("waiting entries come in the order of their numbers", async () => {
  for (const id of ["c", "a", "b"]) await store.append(draft(id));
  expect((await store.waiting(2)).map(({ id }) => id)).toEqual(["c", "a"]);
});

const card = (id: string, version: number, expires_at = 1_000): Card => {
  return { kind: "tube", id, version, expires_at, body: null };
};
const reached = { scope: "truck", cursor: "e.9", isFilling: false };

test("the highest version of a card is kept, in whatever order and however often it comes", async () => {
  expect((await store.putCards([card("T1", 2)], { reached })).cards).toHaveLength(1);
  expect((await store.putCards([card("T1", 1), card("T1", 2)])).cards).toEqual([]);
  expect(await store.cards()).toEqual([card("T1", 2)]);
  expect(await store.get("cursor")).toEqual(reached);
});

test("a new beginning replaces what was held, however high its versions were", async () => {
  await store.putCards([card("T1", 9), card("T2", 9)]);
  await store.putCards([card("T2", 1)], { reached, isBeginning: true });
  expect(await store.cards()).toEqual([card("T2", 1)]);
});

test("beyond the most cards that a post needs the oldest are dropped", async () => {
  await store.putCards([card("T1", 1), card("T2", 2)]);
  const news = await store.putCards([card("T3", 3), card("T1", 4)], { most: 2 });
  expect(news.forgotten).toEqual([["tube", "T2"]]);
  expect((await store.cards()).map(({ id }) => id)).toEqual(["T1", "T3"]);
});

test("only cards that are over are forgotten", async () => {
  await store.putCards([card("T1", 1, 500), card("T2", 2, 501)]);
  expect(await store.forgetExpired(499)).toEqual([]);
  expect(await store.forgetExpired(500)).toEqual([["tube", "T1"]]);
  expect((await store.cards()).map(({ id }) => id)).toEqual(["T2"]);
});
