/** People whom the feed does not hold: asked for by their code. */
import { IDBKeyRange as FakeKeyRange } from "fake-indexeddb";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { ANNA, personCard, START, TestDesk } from "./testing/desk.ts";
import { POST } from "./testing/node.ts";

const HOUR = 3_600_000;

let desk: TestDesk;

/** The card as the node tells it now; by itself a correction does not give it a higher version at once. */
const tell = (state: "negative" | "positive", version = 7): void => {
  const card = personCard(ANNA, version, "Nguyễn Thị An") as { body: object };
  desk.node.people.set(ANNA, { ...card, body: { ...card.body, state } });
};

async function scanAnna(lookup: "known" | "offline"): Promise<void> {
  await desk.scan(ANNA);
  await desk.until(({ scanned }) => scanned?.kind === "person" && scanned.lookup === lookup);
}

beforeEach(async () => {
  vi.stubGlobal("IDBKeyRange", FakeKeyRange);
  desk = await TestDesk.open();
});

afterEach(() => {
  desk.node.isDown = true;
});

test("a person whom the feed does not hold is asked for at each scan: a correction shows", async () => {
  await desk.startWork();
  tell("negative");
  await scanAnna("known");
  expect(desk.view.person?.card?.state).toBe("negative");
  tell("positive");
  desk.elapsed += 6 * HOUR;
  await scanAnna("known");
  expect(desk.view).toMatchObject({ person: { standing: { key: "standing.positive" } }, personAsOf: null });
  expect(desk.node.askedFor).toEqual([ANNA, ANNA]);
});

test("it is asked for at the post of the shift: what is seen there depends on the work there", async () => {
  await desk.startWork();
  tell("negative");
  await scanAnna("known");
  expect(desk.node.askedAt).toEqual([POST]);
});

test("with the line down what is kept is shown with the time of its data, also after a reload", async () => {
  await desk.startWork();
  tell("negative");
  await scanAnna("known");
  const asked = START + desk.elapsed;
  desk.node.isDown = true;
  desk.elapsed += 6 * HOUR;
  await scanAnna("offline");
  expect(desk.view).toMatchObject({ person: { card: { state: "negative" } }, personAsOf: asked });
  await desk.reload();
  await scanAnna("offline");
  expect(desk.view.personAsOf).toBe(asked);
});

test("a person whom the feed holds is not asked for, nor one whom it took up after the question", async () => {
  await desk.startWork();
  tell("negative");
  await scanAnna("known");
  desk.node.cards = [personCard(ANNA, 5, "Nguyễn Thị An")];
  desk.station.lineMayBeBack();
  await desk.until(({ askedAt }) => askedAt.size === 0);
  await scanAnna("known");
  expect(desk.view.person?.card?.state).toBe("negative");
  expect(desk.node.askedFor).toEqual([ANNA]);
});

test("a person who left the feed is asked for at the next scan", async () => {
  desk.node.cards = [personCard(ANNA, 5, "Nguyễn Thị An")];
  await desk.startWork();
  tell("positive");
  await scanAnna("known");
  desk.node.cards.push({ ...(personCard(ANNA, 7, "") as object), body: null });
  desk.station.lineMayBeBack();
  await desk.until(({ persons }) => persons.size === 0);
  await scanAnna("known");
  expect(desk.view.person?.card?.state).toBe("positive");
  expect(desk.node.askedFor).toEqual([ANNA]);
});
