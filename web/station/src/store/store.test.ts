import { IDBFactory, IDBKeyRange as FakeKeyRange } from "fake-indexeddb";
import { beforeEach, expect, test, vi } from "vitest";
import type { Card } from "../rules/cards.ts";
import type { Receipt, EntryAnswer } from "../rules/receipt.ts";
import { KEPT_MS, type Start } from "./outbox.ts";
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
  const facts = { facility: "F1", tube: id, test: "rapid", value: "negative" } as const;
  return {
    id,
    device: "d",
    actor: "a",
    stamp,
    personal: null,
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

type State = EntryAnswer["state"];

/** A receipt with these answers. */
async function settle(states: Record<string, State>, at = 100, told: Partial<Receipt> = {}): Promise<number> {
  const answers = Object.entries(states).map(([id, state]): EntryAnswer => {
    return { id, state, problem: state === "settled" ? null : `why ${id}` };
  });
  const receipt: Receipt = { epoch: "life 1", answers, gaps: new Map(), highest: new Map(), ...told };
  return (await store.settle(receipt, { receipt: "text", signature: "signature" }, at)).again;
}

const ids = (entries: readonly { id: string }[]): string[] => entries.map(({ id }) => id).sort();

test("only an answer takes an entry out of the outbox, and rejected ones are kept with their reason", async () => {
  for (const id of ["s", "h", "r", "w"]) await store.append(draft(id));
  await settle({ s: "settled", h: "held", r: "rejected" });
  expect((await store.waiting()).map(({ id }) => id)).toEqual(["w"]);
  const states = new Map((await store.entries(100)).map(({ id, state, problem }) => [id, [state, problem]]));
  expect(states.get("h")).toEqual(["held", "why h"]);
  expect(states.get("r")).toEqual(["rejected", "why r"]);
});

test("a second answer changes nothing", async () => {
  await store.append(draft("x"));
  await settle({ x: "rejected" });
  await settle({ x: "settled" });
  expect((await store.entries(100))[0]?.state).toBe("rejected");
});

test("acknowledged entries about tubes are shown until their card has come, others not at all", async () => {
  await store.append(draft("tube"));
  await store.append(draft("shift", { happening: { kind: "shift.ended", facts: {} } }));
  await settle({ tube: "settled", shift: "settled" });
  expect(ids(await store.entries(100))).toEqual(["tube"]);
  expect(await store.entries(100 + 24 * 3_600_000 + 1)).toEqual([]);
});

test("what was acknowledged is kept for seven days, and then forgotten", async () => {
  for (const id of ["s", "w", "h", "r"]) await store.append(draft(id));
  await settle({ s: "settled", h: "held", r: "rejected" }, 100);
  await store.forgetAcknowledged(100 + KEPT_MS);
  expect(await settle({}, 200, { epoch: "life 2" })).toBe(2);
  await settle({ s: "settled" }, 300, { epoch: "life 2" });
  await store.forgetAcknowledged(301 + KEPT_MS);
  expect(ids(await store.entries(0))).toEqual(["h", "r", "w"]);
});

test("another life of the node sends again everything that was acknowledged, but not what it just told of", async () => {
  for (const id of ["a", "b", "c"]) await store.append(draft(id));
  await settle({ a: "settled", b: "held" });
  expect(await settle({ c: "settled" }, 100, { epoch: "life 2" })).toBe(2);
  expect((await store.waiting()).map(({ id }) => id)).toEqual(["a", "b"]);
  expect(await settle({ a: "settled", b: "settled" }, 100, { epoch: "life 2" })).toBe(0);
});

test("the feed tells of another life too, once", async () => {
  await store.append(draft("a"));
  expect(await store.noticeEpoch("life 1")).toBe(0);
  await settle({ a: "settled" });
  expect(await store.noticeEpoch("life 1")).toBe(0);
  expect(await store.noticeEpoch("life 2")).toBe(1);
  expect(await store.noticeEpoch("life 2")).toBe(0);
});

test("what lies in a named gap is sent again if it was acknowledged, and nothing else", async () => {
  for (const id of ["a", "b", "c"]) await store.append(draft(id));
  await settle({ a: "settled", b: "settled" });
  const gaps = new Map([["log-of-a", [[2, 3] as const]]]);
  expect(await settle({}, 100, { gaps })).toBe(1);
  expect((await store.waiting()).map(({ id }) => id)).toEqual(["b", "c"]);
});

test("sent again, what is held at the node stays held here with its reason until the node counts it", async () => {
  await store.append(draft("h"));
  await settle({ h: "held" });
  await settle({ h: "held" }, 200, { epoch: "life 2" });
  expect((await store.entries(200))[0]).toMatchObject({ state: "held", problem: "why h" });
  await settle({ h: "settled" }, 300, { epoch: "life 2" });
  expect((await store.held(300 + 3_600_000, 50)).length).toBe(0);
});

test("a store that was put back begins a new log before it gives out numbers that are taken", async () => {
  await store.append(draft("a"));
  await settle({ a: "settled" }, 100, { highest: new Map([["log-of-a", 7]]) });
  expect(numbering((await store.append(draft("b"))).body)).toEqual(["log-of-b", 1]);
});

test("what was refused as reused is recorded again in a new log, after the start of its shift", async () => {
  for (const id of ["a", "b", "c"]) await store.append(draft(id));
  const facts = { post: "post", ticket: "ticket" };
  const start: Start = { id: "begun", actor: "a", happening: { kind: "shift.started", facts } };
  let made = 0;
  const makeId = (): string => `made-${(made += 1)}`;
  await store.recordAgain({ ids: new Set(["a", "c"]), start, starts: new Map(), freshLog: "fresh", makeId });
  const waiting = await store.waiting();
  const written = waiting.map(({ body }) => JSON.parse(body) as Record<string, unknown>);
  expect(written.map(({ id, log, seq, kind }) => [id, log, seq, kind])).toEqual([
    ["begun", "fresh", 1, "shift.started"],
    ["b", "log-of-a", 2, "result.recorded"],
    ["made-1", "fresh", 2, "result.recorded"],
    ["made-2", "fresh", 3, "result.recorded"],
  ]);
  expect(written.every(({ occurred_at }) => occurred_at === stamp.occurredAt)).toBe(true);
  expect(waiting.filter(({ log }) => log === "fresh").every(({ signature }) => signature === null)).toBe(true);
  expect(numbering((await store.append(draft("d"))).body)).toEqual(["fresh", 4]);
});

const correcting = (id: string, corrects: string): Draft => {
  const facts = { facility: "F1", tube: "a", corrects, value: "positive", reason: "wrong_value" } as const;
  return draft(id, { happening: { kind: "result.corrected", facts } });
};

const correctedBy = (body: string): unknown => (JSON.parse(body) as { facts: { corrects?: string } }).facts.corrects;

test("a correction names what was recorded again by its new id, refused with it, waiting or written later", async () => {
  for (const each of [draft("a"), correcting("b", "a"), correcting("c", "b"), correcting("d", "x")]) await store.append(each);
  await store.seal((await store.waiting())[2] ?? { id: "", body: "" }, "of the old text");
  let made = 0;
  const makeId = (): string => `made-${(made += 1)}`;
  await store.recordAgain({ ids: new Set(["a", "b"]), start: null, starts: new Map(), freshLog: "fresh", makeId });
  await store.recordAgain({ ids: new Set(["made-1"]), start: null, starts: new Map(), freshLog: "fresher", makeId });
  await store.append(correcting("e", "a"));
  const waiting = await store.waiting();
  expect(Object.fromEntries(waiting.map(({ id, body }) => [id, correctedBy(body)]))).toEqual({
    "made-3": undefined,
    "made-2": "made-3",
    c: "made-2",
    d: "x",
    e: "made-3",
  });
  for (const { happening, body } of waiting) expect((JSON.parse(body) as { facts: unknown }).facts).toEqual(happening.facts);
  expect(waiting.find(({ id }) => id === "c")?.signature).toBeNull();
  expect(numbering(waiting.find(({ id }) => id === "c")?.body ?? "")).toEqual(["log-of-a", 3]);
});

test("a signature of a text that was written anew since is not kept", async () => {
  const before = await store.append(draft("a"));
  await store.seal({ ...before, body: "the old text" }, "signature");
  expect((await store.waiting())[0]?.signature).toBeNull();
  await store.seal(before, "signature");
  expect((await store.waiting())[0]?.signature).toBe("signature");
});

test("a correction that was acknowledged before shows its value on what was recorded again, and keeps its text", async () => {
  await store.append(draft("a"));
  const sent = await store.append(correcting("b", "a"));
  await settle({ b: "settled" });
  await store.recordAgain({ ids: new Set(["a"]), start: null, starts: new Map(), freshLog: "fresh", makeId: () => "made" });
  const kept = (await store.entries(100)).find(({ id }) => id === "b");
  expect(kept?.body).toBe(sent.body);
  expect(kept?.happening.facts).toMatchObject({ corrects: "made" });
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

test("a page that was on its way when the cards were sealed is not kept", async () => {
  await store.putCards([card("T1", 1)], { reached });
  await store.sealCards((text) => Promise.resolve({ nonce: new Uint8Array(12), data: new TextEncoder().encode(text).buffer }));
  expect((await store.putCards([card("T2", 2)], { reached: { ...reached, cursor: "e.10" } })).cards).toEqual([]);
  expect(await store.cards()).toEqual([]);
  await store.unsealCards(({ data }) => Promise.resolve(new TextDecoder().decode(data)));
  expect((await store.cards()).map(({ id }) => id)).toEqual(["T1"]);
  expect(await store.get("cursor")).toEqual(reached);
});
