/** A device that was revoked during the shift: it takes no new tubes and says nothing that is not so. */
import { IDBKeyRange as FakeKeyRange } from "fake-indexeddb";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { COMMAND_CODES } from "../../shared/src/codes.ts";
import { ANNA, TestDesk } from "./testing/desk.ts";

let desk: TestDesk;

beforeEach(async () => {
  vi.stubGlobal("IDBKeyRange", FakeKeyRange);
  desk = await TestDesk.open();
  await desk.startWork();
});

afterEach(() => {
  desk.node.isDown = true;
});

async function revoke(): Promise<void> {
  desk.node.isRevoked = true;
  desk.station.lineMayBeBack();
  await desk.until(({ isRevoked }) => isRevoked);
}

const collected = (): number => desk.node.received.filter(({ kind }) => kind === "specimen.collected").length;

test("a revoked station takes no new tube and says what to do", async () => {
  await revoke();
  await desk.scan("RT01", ANNA, COMMAND_CODES.close_tube);
  await desk.quiet();
  expect(collected()).toBe(0);
  expect(desk.view.notice?.tone).toBe("attention");
  expect(desk.view.next.key).toBe("next.revoked");
});

test("a tube that was open is closed, and kept for the lead to decide", async () => {
  await desk.scan("RT01", ANNA);
  await revoke();
  expect(desk.view.next.key).toBe("next.revoked_close");
  await desk.scan("RT02");
  expect(desk.view.desk).toMatchObject({ step: "collecting", tube: "RT01" });
  await desk.scan(COMMAND_CODES.close_tube);
  await desk.quiet();
  expect(collected()).toBe(1);
  expect(desk.view.notice?.key).toBe("notice.kept_revoked");
});

test("a node that refuses the device is never quoted as having no declaration", async () => {
  desk.node.isRevoked = true;
  await desk.scan(ANNA);
  await desk.until(({ isRevoked, scanned }) => {
    return isRevoked && (scanned?.kind !== "person" || scanned.lookup !== "asking");
  });
  await desk.scan(ANNA);
  expect(desk.view.scanned).toMatchObject({ lookup: "revoked" });
});

test("a page opened anew without a line still knows that it was revoked", async () => {
  await revoke();
  desk.node.isDown = true;
  await desk.reload();
  expect(desk.view.isRevoked).toBe(true);
});

test("a device that the node takes again works on", async () => {
  await revoke();
  desk.node.isRevoked = false;
  desk.station.lineMayBeBack();
  await desk.until(({ isRevoked }) => !isRevoked);
  await desk.scan("RT01", ANNA, COMMAND_CODES.close_tube);
  await desk.quiet();
  expect(collected()).toBe(1);
});
