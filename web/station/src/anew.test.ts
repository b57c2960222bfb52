/** A device that was revoked or forgotten is enrolled again by a new code (finding B11). */
import { IDBKeyRange as FakeKeyRange } from "fake-indexeddb";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { COMMAND_CODES } from "../../shared/src/codes.ts";
import { publicKeyText, verify } from "./keys/signing.ts";
import type { WireEntry } from "./rules/entry.ts";
import { ANNA, personCard, TestDesk } from "./testing/desk.ts";
import { json } from "./testing/node.ts";

const ANEW = "44444444-4444-4444-8444-444444444444";

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

/** The node takes this device for another one from now on. */
function takeAnew(): void {
  desk.node.device = ANEW;
  desk.node.isRevoked = false;
}

/** The ids of what still waits here of tubes. */
const waiting = (): string[] =>
  desk.station.holder.state.entries
    .filter(({ state, happening }) => state === "waiting" && happening.kind === "specimen.collected")
    .map(({ id }) => id);

test("b11: a revoked device is enrolled again, and works on in a log of its own", async () => {
  desk.node.isRevoked = true;
  desk.station.lineMayBeBack();
  await desk.until(({ isRevoked }) => isRevoked);
  expect(desk.view.needsCode).toBe(true);
  desk.station.askEnrol(true);
  takeAnew();
  const former = desk.node.received.at(-1);
  expect(await desk.station.enrol("GOOD", "Máy 1")).toBeNull();
  expect(desk.view).toMatchObject({ stage: "sign_in", isRevoked: false, needsCode: false, isEnrollingAgain: false });
  expect(desk.station.holder.state.persons.size, "what the former one knew of people is gone").toBe(0);
  await desk.startWorkAgain();
  await desk.oneTube("RT02");
  const last = desk.node.received.at(-1);
  expect(last).toMatchObject({ device: ANEW });
  expect(last?.log).not.toBe(former?.log);
});

test("b11: what waits is kept, and goes on its way as the former device signed it", async () => {
  desk.node.isDown = true;
  await desk.scan("RT01", ANNA, COMMAND_CODES.close_tube);
  const before = waiting();
  expect(before).toHaveLength(1);
  const { device: former } = desk.station.holder.state;
  takeAnew();
  const sent: WireEntry[] = [];
  desk.node.instead = (path, body) => {
    if (!path.endsWith("/entries")) return null;
    sent.push(...(JSON.parse(body) as { entries: WireEntry[] }).entries);
    return json(400, { code: "any", status: 400, title: "" });
  };
  desk.node.isDown = false;
  expect(await desk.station.enrol("GOOD", "Máy 1")).toBeNull();
  await desk.until(({ isStuck }) => isStuck);
  expect(waiting()).toEqual(before);
  const ours = sent.find(({ body }) => (JSON.parse(body) as { id: string }).id === before[0]);
  const key = former ? await publicKeyText(former.pair) : "";
  expect(ours && (await verify(key, ours.body, ours.signature))).toBe(true);
  await desk.reload();
  expect(waiting()).toEqual(before);
});

test("b11: a wrong code changes nothing, and nobody leaves an open tube", async () => {
  const { device } = desk.station.holder.state;
  expect(await desk.station.enrol("BAD", "Máy 1")).toMatchObject({ kind: "refused" });
  await desk.scan("RT01", ANNA);
  expect(await desk.station.enrol("GOOD", "Máy 1")).toEqual({ kind: "tube_open" });
  expect(desk.station.holder.state).toMatchObject({ device, shift: { site: "truck" } });
});

test("b11: a device that the node does not know is told where a new code goes", async () => {
  await desk.station.signOut(false);
  desk.node.instead = (path) =>
    path.endsWith("/sign-in") ? json(403, { code: "device_unknown", status: 403, title: "" }) : null;
  expect(await desk.station.signIn("canbo", "x")).toMatchObject({ code: "device_unknown" });
  expect(desk.view.needsCode).toBe(true);
});
