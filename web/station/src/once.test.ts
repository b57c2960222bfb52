/** One person is tested by RT-PCR at a post that tests rapidly, and the next one is not by mistake. */
import { IDBKeyRange as FakeKeyRange } from "fake-indexeddb";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { COMMAND_CODES, newCode } from "../../shared/src/codes.ts";
import { ANNA, TestDesk } from "./testing/desk.ts";

const BINH = newCode("P", new Uint8Array(16).fill(7));

let desk: TestDesk;

beforeEach(async () => {
  vi.stubGlobal("IDBKeyRange", FakeKeyRange);
  desk = await TestDesk.open();
  await desk.startWork();
  await desk.scan("RT01", ANNA, COMMAND_CODES.close_tube, "RT01", COMMAND_CODES.positive, ANNA);
  const { caution } = desk.view;
  if (caution?.change) await desk.station.chooseTesting(caution.change, ANNA);
});

afterEach(() => {
  desk.node.isDown = true;
});

const method = (): unknown => desk.view.testing?.method;

test("a1: the test is changed for the one person and goes back when the tube is closed", async () => {
  expect(method()).toBe("rt_pcr");
  await desk.scan("RT02", ANNA);
  expect(method()).toBe("rt_pcr");
  await desk.scan(COMMAND_CODES.close_tube);
  await desk.quiet();
  expect(method()).toBe("ag_rapid");
  const tests = desk.node.received.filter(({ kind }) => kind === "specimen.collected").map(({ facts }) => facts["test"]);
  expect(tests).toEqual(["rapid", "pcr"]);
});

test("it goes back when somebody else comes first, also after a reload", async () => {
  await desk.reload();
  expect(method()).toBe("rt_pcr");
  await desk.scan(BINH);
  expect(method()).toBe("ag_rapid");
});

test("it goes back when the tube is put away, and stays where the shift itself was changed", async () => {
  await desk.scan("RT02", COMMAND_CODES.cancel);
  expect(method()).toBe("ag_rapid");
  const pcr = desk.view.choices.find((each) => each.method === "rt_pcr");
  if (pcr) await desk.station.chooseTesting(pcr, null);
  await desk.scan(BINH);
  expect(method()).toBe("rt_pcr");
});

test("h2: after a rapid positive the next line is the task, and the person scanned again is offered RT-PCR alone", async () => {
  await desk.scan("RT01");
  expect(desk.view.next.key).toBe("next.single_positive");
  await desk.scan(ANNA);
  expect(desk.view).toMatchObject({ caution: { sampling: "rt_pcr" }, next: { key: "next.person_rt_pcr" } });
});

test("who was not given the method is told before the result waits for a lead", async () => {
  expect(desk.view.isMethodGiven).toBe(true);
  desk.node.methods = ["ag_rapid"];
  await desk.startWorkAgain();
  expect(desk.view.isMethodGiven).toBe(true);
  const pcr = desk.view.choices.find((each) => each.method === "rt_pcr");
  if (pcr) await desk.station.chooseTesting(pcr, null);
  expect(desk.view.isMethodGiven).toBe(false);
});
