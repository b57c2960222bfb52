/** What a lead has decided on asks for nothing more at the station (finding G2). */
import { IDBKeyRange as FakeKeyRange } from "fake-indexeddb";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { COMMAND_CODES } from "../../shared/src/codes.ts";
import { ANNA, TestDesk } from "./testing/desk.ts";
import type { Judgement } from "./testing/ledger.ts";

const HELD: Judgement = { answer: "held", problem: "actor_not_allowed" };
const REFUSED: Judgement = { answer: "held", problem: "refused" };
const APPLIED: Judgement = { answer: "applied", problem: null };
const MINUTE = 60_000;

let desk: TestDesk;

/** Says of samplings what is to be said, and takes everything else. */
function judge(sampling: Judgement): void {
  desk.node.judge = ({ kind }) => (kind === "specimen.collected" ? sampling : APPLIED);
}

/** The node is asked once more. */
async function asked(): Promise<void> {
  desk.elapsed += MINUTE;
  const before = desk.node.batches.length;
  desk.station.lineMayBeBack();
  await vi.waitUntil(() => desk.node.batches.length > before);
}

const problems = (): unknown[] => desk.view.attention.map(({ problem }) => problem);

beforeEach(async () => {
  vi.stubGlobal("IDBKeyRange", FakeKeyRange);
  desk = await TestDesk.open();
  await desk.startWork();
  judge(HELD);
  await desk.scan("RT01", ANNA, COMMAND_CODES.close_tube);
  await desk.quiet();
});

afterEach(() => {
  desk.node.isDown = true;
});

test("g2: what is held asks for somebody until a lead has decided", async () => {
  expect(problems()).toEqual(["actor_not_allowed"]);
  await asked();
  expect(problems()).toEqual(["actor_not_allowed"]);
});

test.each([APPLIED, REFUSED])("g2: what a lead has decided on goes: %o", async (decision) => {
  judge(decision);
  await asked();
  await desk.until(() => problems().length === 0);
});

test("g2: what a lead has refused never happened: its tube may be used again", async () => {
  judge(REFUSED);
  await asked();
  await desk.until(() => problems().length === 0);
  await desk.scan("RT01");
  expect(desk.view.desk).toMatchObject({ step: "collecting", tube: "RT01" });
});

test("g2: the node is asked once a minute, not with every exchange", async () => {
  await asked();
  const before = desk.node.batches.length;
  desk.station.lineMayBeBack();
  await desk.quiet();
  expect(desk.node.batches.length).toBe(before);
});
