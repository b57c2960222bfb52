/** Badges at a station: who takes over within seconds, with the line and without it. */
import { IDBKeyRange as FakeKeyRange } from "fake-indexeddb";
import { beforeEach, expect, test, vi } from "vitest";
import { newCode } from "../../shared/src/codes.ts";
import { derivation } from "./keys/pins.ts";
import { verify } from "./keys/signing.ts";
import { MOST_WRONG } from "./kept.ts";
import { ANNA, TestDesk } from "./testing/desk.ts";

const MAI = newCode("B", new Uint8Array(16).fill(1));
const HUNG = newCode("B", new Uint8Array(16).fill(2));
const HOURS = 3_600_000;

let desk: TestDesk;

beforeEach(async () => {
  derivation.iterations = 1_000;
  vi.stubGlobal("IDBKeyRange", FakeKeyRange);
  desk = await TestDesk.open();
  desk.node.badges.set(MAI, "482913").set(HUNG, "705136");
  await desk.startWork();
});

async function scanned(badge: string, pin: string, newPin: string | null = null): Promise<unknown> {
  await desk.scan(badge);
  expect(desk.view).toMatchObject({ badge, isSigningInAgain: true });
  return desk.station.signInByBadge(pin, newPin);
}

const starts = (): unknown[] =>
  desk.station.holder.state.entries
    .filter(({ happening }) => happening.kind === "shift.started")
    .map(({ happening }) => (happening.facts as { proof: string }).proof);

async function lineGoesDown(): Promise<void> {
  await desk.quiet();
  desk.node.isDown = true;
  desk.station.lineMayBeBack();
  await desk.until(({ line }) => line === "down");
}

test("a badge and six digits change the person, who stands where the one before stood", async () => {
  expect(await scanned(MAI, "482913")).toBeNull();
  expect(desk.view).toMatchObject({ stage: "work", badge: null, isSigningInAgain: false });
  expect(desk.view.shift).toMatchObject({ staff: { id: `staff-${MAI}` }, site: "truck" });
  await desk.quiet();
  expect(desk.node.received.map(({ kind }) => kind).slice(-2)).toEqual(["shift.ended", "shift.started"]);
});

test("a wrong PIN changes nobody, and a first one asks for another", async () => {
  expect(await scanned(MAI, "000000")).toMatchObject({ code: "pin_wrong" });
  expect(desk.view.shift).toMatchObject({ staff: { id: "staff-canbo" } });
  desk.node.firstPins.add(MAI);
  expect(await desk.station.signInByBadge("482913", null)).toMatchObject({ code: "pin_new" });
  expect(await desk.station.signInByBadge("482913", "918273")).toBeNull();
});

test("nobody takes over with people in an open tube", async () => {
  await desk.scan("ONG1", ANNA, MAI);
  expect(desk.view).toMatchObject({ badge: null, isSigningInAgain: false, notice: { key: "tool.tube_open" } });
});

test("with the line down the PIN opens what was kept, and the shift says so", async () => {
  expect(await scanned(MAI, "482913")).toBeNull();
  expect(await scanned(HUNG, "705136")).toBeNull();
  await lineGoesDown();
  expect(await scanned(MAI, "482913")).toBeNull();
  expect(desk.view.shift).toMatchObject({ staff: { id: `staff-${MAI}` } });
  expect(starts().at(-1)).toBe("pin");
  desk.node.isDown = false;
  desk.station.lineMayBeBack();
  await desk.quiet();
  const sent = desk.node.received.filter(({ kind }) => kind === "shift.started");
  expect(sent.at(-1)?.facts).toMatchObject({ ticket: `kept ${MAI}`, proof: "pin" });
});

/** Ids of the starts that the node was told of on what is kept for a badge, and whether the PIN opened each. */
async function openedBy(badge: string): Promise<boolean[]> {
  const told = desk.node.received.filter(({ facts }) => facts["ticket"] === `kept ${badge}`);
  const opener = desk.node.openers.get(badge) ?? "";
  return Promise.all(told.map(({ id, facts }) => verify(opener, `shift:${id}`, String(facts["opened"]))));
}

test("each start on what was kept is signed by what the PIN opened, which goes with the sign-out", async () => {
  expect(await scanned(MAI, "482913")).toBeNull();
  await lineGoesDown();
  expect(await scanned(MAI, "482913")).toBeNull();
  expect((await desk.meta("session"))?.opener?.extractable).toBe(false);
  await desk.reload();
  expect(await desk.station.signOut(true)).toBeNull();
  expect(await desk.meta("session")).toBeNull();
  desk.node.isDown = false;
  desk.station.lineMayBeBack();
  await desk.quiet();
  expect(await openedBy(MAI)).toEqual([true]);
});

test("nothing is left of what a PIN opened once somebody signs in with the line", async () => {
  expect(await scanned(MAI, "482913")).toBeNull();
  await lineGoesDown();
  expect(await scanned(MAI, "482913")).toBeNull();
  desk.node.isDown = false;
  desk.station.lineMayBeBack();
  await desk.until(({ line }) => line === "up");
  expect(await scanned(HUNG, "705136")).toBeNull();
  expect((await desk.meta("session"))?.opener).toBeUndefined();
});

test("a start by PIN that is recorded again under another number is opened for that", async () => {
  expect(await scanned(MAI, "482913")).toBeNull();
  await lineGoesDown();
  const last = desk.node.received.at(-1);
  for (const seq of [1, 2, 3, 4]) {
    desk.node.ledger.keep({ id: `another-${seq}`, log: last?.log ?? "", seq: (last?.seq ?? 0) + seq });
  }
  expect(await scanned(MAI, "482913")).toBeNull();
  await desk.scan("ONG1", ANNA);
  desk.node.isDown = false;
  desk.station.lineMayBeBack();
  await desk.quiet();
  expect(new Set(await openedBy(MAI))).toEqual(new Set([true]));
  expect(desk.node.received.find(({ facts }) => facts["ticket"] === `kept ${MAI}`)?.log).not.toBe(last?.log);
});

test("what was kept opens after the page was closed too, and the cards with it", async () => {
  expect(await scanned(MAI, "482913")).toBeNull();
  expect(await desk.station.signOut(true)).toBeNull();
  await lineGoesDown();
  await desk.reload();
  desk.station.askBadge(MAI);
  expect(await desk.station.signInByBadge("482913", null)).toBeNull();
  expect(desk.view).toMatchObject({ stage: "choose", session: { proof: "pin", token: "" } });
});

test("nobody who never signed in here is let in without the line", async () => {
  expect(await scanned(MAI, "482913")).toBeNull();
  await lineGoesDown();
  expect(await scanned(HUNG, "705136")).toMatchObject({ kind: "kept_none" });
});

test("after 72 hours a PIN opens nothing", async () => {
  expect(await scanned(MAI, "482913")).toBeNull();
  await lineGoesDown();
  desk.elapsed += 72 * HOURS;
  expect(await scanned(MAI, "482913")).toMatchObject({ kind: "kept_none" });
});

test("five wrong PINs delete what was kept until the line is back", async () => {
  expect(await scanned(MAI, "482913")).toBeNull();
  await lineGoesDown();
  await desk.scan(MAI);
  const said = [];
  for (let guess = 0; guess < MOST_WRONG; guess++) said.push(await desk.station.signInByBadge("111222", null));
  const wrong = [4, 3, 2, 1].map((left) => ({ kind: "kept_wrong", left }));
  expect(said).toEqual([...wrong, { kind: "kept_gone" }]);
  expect((await desk.kept()).tickets).toMatchObject([{ sealed: null }]);
  expect(await desk.station.signInByBadge("482913", null)).toEqual({ kind: "kept_gone" });
  desk.node.isDown = false;
  desk.station.lineMayBeBack();
  await desk.until(({ line }) => line === "up");
  expect(await desk.station.signInByBadge("482913", null)).toBeNull();
}, 20_000);

test("closing the page between guesses gives none of them back", async () => {
  expect(await scanned(MAI, "482913")).toBeNull();
  await lineGoesDown();
  for (let guess = 1; guess < MOST_WRONG; guess++) {
    desk.station.askBadge(MAI);
    expect(await desk.station.signInByBadge("111222", null)).toMatchObject({ kind: "kept_wrong", left: MOST_WRONG - guess });
    await desk.reload();
    await desk.until(({ line }) => line === "down");
  }
  desk.station.askBadge(MAI);
  expect(await desk.station.signInByBadge("111222", null)).toMatchObject({ kind: "kept_gone" });
}, 20_000);

test("a PIN is bound to a secret that cannot leave the browser, and nothing of ticket or badge lies open", async () => {
  expect(await scanned(MAI, "482913")).toBeNull();
  const kept = await desk.kept();
  expect(kept.secret.extractable).toBe(false);
  expect(JSON.stringify(kept.tickets)).not.toContain(MAI);
  expect(JSON.stringify(kept.tickets)).not.toContain("kept B");
});

test("a shift begun by a PIN says when it is over, as one begun with the line", async () => {
  expect(await scanned(MAI, "482913")).toBeNull();
  await lineGoesDown();
  expect(await scanned(MAI, "482913")).toBeNull();
  const { session, now } = desk.station.holder.state;
  expect(((session?.expires_at ?? 0) - now) / 3_600_000).toBeCloseTo(1, 1);
});

test("a device that was revoked keeps no ticket", async () => {
  expect(await scanned(MAI, "482913")).toBeNull();
  desk.node.isRevoked = true;
  desk.station.lineMayBeBack();
  await desk.until(({ isRevoked }) => isRevoked);
  expect((await desk.kept()).tickets).toEqual([]);
});
