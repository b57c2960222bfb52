/** A tube whose sampling has not arrived here (G1). */
import { IDBKeyRange as FakeKeyRange } from "fake-indexeddb";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { COMMAND_CODES } from "../../shared/src/codes.ts";
import { ANNA, START, TestDesk } from "./testing/desk.ts";

let desk: TestDesk;

beforeEach(async () => {
  vi.stubGlobal("IDBKeyRange", FakeKeyRange);
  desk = await TestDesk.open();
});

afterEach(() => {
  desk.node.isDown = true;
});

const recorded = (kind: string): Record<string, unknown>[] =>
  desk.node.received.filter((entry) => entry.kind === kind).map(({ facts }) => facts);

test("g1: for who may not sample a tube that is not here opens for its result, which waits", async () => {
  desk.node.worksOf.set("canbo", ["reading", "signing"]);
  await desk.startWork();
  await desk.scan("XN01");
  expect(desk.view.notice?.key).toBe("notice.tube_unseen");
  expect(desk.view.tube).toMatchObject({ tube: "XN01", isUnseen: true, state: "waiting" });
  await desk.scan(COMMAND_CODES.negative);
  await desk.quiet();
  expect(recorded("specimen.collected")).toEqual([]);
  expect(recorded("result.recorded")).toMatchObject([{ tube: "XN01", value: "negative", run: 1, started: null }]);
  expect(desk.view.tube).toMatchObject({ state: "resulted", value: "negative", isUnseen: false });
  expect(desk.view.person).toBeNull();
});

test("g1: for who may not sample no person goes into a tube", async () => {
  desk.node.worksOf.set("canbo", ["reading", "signing"]);
  await desk.startWork();
  await desk.scan("XN01", ANNA, COMMAND_CODES.close_tube);
  await desk.quiet();
  expect(recorded("specimen.collected")).toEqual([]);
});

test("g1: who may sample says that the tube was sampled elsewhere, and enters its result", async () => {
  await desk.startWork(1);
  await desk.scan("XN01");
  expect(desk.view.desk.step).toBe("collecting");
  await desk.station.act({ kind: "elsewhere" });
  await desk.scan(COMMAND_CODES.positive);
  await desk.quiet();
  expect(recorded("result.recorded")).toMatchObject([{ tube: "XN01", value: "positive" }]);
  await desk.scan("XN01");
  expect(desk.view.desk, "it opens no more for sampling").toMatchObject({ step: "resulting" });
});

test("g1: a tube with people in it was sampled here", async () => {
  await desk.startWork();
  await desk.scan("XN01", ANNA);
  await desk.station.act({ kind: "elsewhere" });
  expect(desk.view.desk).toMatchObject({ step: "collecting", members: [ANNA] });
});

test("g1: once the sampling arrives it is a tube like any other", async () => {
  desk.node.worksOf.set("canbo", ["reading", "signing"]);
  await desk.startWork();
  await desk.scan("XN01");
  const body = { facility: "F1", tube: "XN01", members: [{ person_code: ANNA }], state: "waiting", test: "rapid", site: "truck" };
  desk.node.cards = [{ kind: "tube", id: "F1/XN01", version: 1, expires_at: START + 9e8, body }];
  desk.station.lineMayBeBack();
  await desk.until(({ tubes }) => tubes.has("XN01"));
  expect(desk.view.tube).toMatchObject({ isUnseen: false, members: [ANNA] });
});
