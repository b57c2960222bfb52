/** What the station does when its node, or its own store, was put back from a backup (finding F7). */
import { IDBKeyRange as FakeKeyRange } from "fake-indexeddb";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { COMMAND_CODES } from "../../shared/src/codes.ts";
import { ANNA, START, TestDesk } from "./testing/desk.ts";
import { TestNode } from "./testing/node.ts";

let desk: TestDesk;

beforeEach(async () => {
  vi.stubGlobal("IDBKeyRange", FakeKeyRange);
  desk = await TestDesk.open();
});

afterEach(() => {
  desk.node.isDown = true;
});

test("f7: what was acknowledged after a backup is sent again when the backup is put back", async () => {
  await desk.startWork();
  await desk.oneTube("RT01");
  const backup = desk.node.backup();
  await desk.oneTube("RT02");
  await desk.reload();
  await desk.quiet();
  desk.node.restore(backup);
  expect(desk.isAllThere()).toBe(false);
  await desk.oneTube("RT03");
  await desk.untilAllIsThere();
  expect(desk.node.epoch).toBe("life 1+");
  expect(desk.view.attention).toEqual([]);
});

test("f7: a node that notices by itself tells by its feed, and is sent again what is kept", async () => {
  await desk.startWork();
  const backup = desk.node.backup();
  await desk.oneTube("RT01");
  desk.node.restore(backup);
  desk.node.epoch = "life 2";
  desk.station.lineMayBeBack();
  await desk.untilAllIsThere();
});

test("f7: a gap that the node names is filled from what is kept", async () => {
  await desk.startWork();
  await desk.oneTube("RT01");
  const lost = desk.node.received.find(({ kind }) => kind === "specimen.collected");
  const backup = desk.node.backup();
  backup.numbers.delete(`${lost?.log ?? ""} ${lost?.seq ?? 0}`);
  desk.node.restore(backup);
  await desk.oneTube("RT02");
  await desk.untilAllIsThere();
  expect(desk.node.epoch).toBe("life 1");
});

test("f7: a station enrolled after the backup brings its enrolment back, and then its entries", async () => {
  const backup = desk.node.backup();
  await desk.startWork();
  await desk.oneTube("RT01");
  desk.node.restore(backup);
  await desk.oneTube("RT02");
  await desk.untilAllIsThere();
  expect(desk.view.attention).toEqual([]);
});

test("f7: who signs in at a node that forgot the device is signed in all the same", async () => {
  const backup = desk.node.backup();
  expect(await desk.station.enrol("GOOD", "Máy 1")).toBeNull();
  desk.node.restore(backup);
  expect(await desk.station.signIn("canbo", "x")).toBeNull();
});

test("at a node that has another key nothing is lost: it waits", async () => {
  await desk.startWork();
  desk.node.isDown = true;
  await desk.scan("RT01", ANNA, COMMAND_CODES.close_tube);
  desk.node = await TestNode.start(() => START + desk.elapsed);
  await desk.reload();
  await desk.until(({ line }) => line === "down");
  expect(desk.view.attention).toEqual([]);
  const waiting = desk.station.holder.state.entries.filter(({ state }) => state === "waiting");
  expect(waiting.map(({ happening }) => happening.kind)).toContain("specimen.collected");
});

test("numbers that another copy of this store has used are recorded again under a new log", async () => {
  await desk.startWork();
  const last = desk.node.received.at(-1);
  for (const seq of [1, 2, 3]) {
    desk.node.ledger.keep({ id: `another-${seq}`, log: last?.log ?? "", seq: (last?.seq ?? 0) + seq });
  }
  await desk.oneTube("RT01");
  const ours = desk.node.received.filter(({ log }) => log !== last?.log).map(({ kind, seq }) => [kind, seq]);
  expect(ours).toEqual([
    ["shift.started", 1],
    ["specimen.collected", 2],
    ["result.recorded", 3],
  ]);
  expect(desk.view.attention).toEqual([]);
});

test("a correction of a result that is recorded again follows it: the station shows the positive and names it", async () => {
  await desk.startWork();
  const last = desk.node.received.at(-1);
  for (const seq of [1, 2, 3, 4, 5, 6]) {
    desk.node.ledger.keep({ id: `another-${seq}`, log: last?.log ?? "", seq: (last?.seq ?? 0) + seq });
  }
  desk.node.isDown = true;
  await desk.scan("RT01", ANNA, COMMAND_CODES.close_tube, "RT01", COMMAND_CODES.negative);
  await desk.station.act({ kind: "correct" });
  await desk.scan(COMMAND_CODES.positive);
  desk.node.isDown = false;
  desk.station.lineMayBeBack();
  await desk.quiet();
  const [result, correction] = desk.node.received.filter(({ kind }) => kind.startsWith("result."));
  expect(correction).toMatchObject({ kind: "result.corrected", facts: { corrects: result?.id } });
  expect(desk.station.holder.state.tubes.get("RT01")).toMatchObject({ value: "positive", result: correction?.id });
});

test("a store that is behind its node begins a new log at once, and proves its shift anew", async () => {
  await desk.startWork();
  const last = desk.node.received.at(-1);
  desk.node.ledger.keep({ id: "another", log: last?.log ?? "", seq: (last?.seq ?? 0) + 9 });
  await desk.oneTube("RT01");
  await desk.oneTube("RT02");
  const ours = desk.node.received.filter(({ log }) => log !== last?.log);
  expect(ours[0]).toMatchObject({ kind: "shift.started", seq: 1, facts: { ticket: "ticket" } });
  expect(ours.map(({ seq }) => seq)).toEqual(ours.map((_entry, index) => index + 1));
  expect(desk.view.attention).toEqual([]);
});
