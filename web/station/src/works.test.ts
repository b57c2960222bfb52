/** One screen for each work (field rule B1): what is not somebody's work is neither shown nor taken. */
import { IDBKeyRange as FakeKeyRange } from "fake-indexeddb";
import { beforeEach, expect, test, vi } from "vitest";
import { COMMAND_CODES, newCode } from "../../shared/src/codes.ts";
import { derivation } from "./keys/pins.ts";
import type { Told } from "./rules/declaring.ts";
import { ANNA, START, TestDesk } from "./testing/desk.ts";

const HOUR = 3_600_000;
const BADGE = newCode("B", new Uint8Array(16).fill(3));
const OTHER_BADGE = newCode("B", new Uint8Array(16).fill(4));
const SECRETS = ["positive", "+84912345678", "rt_pcr"];

const POSITIVE = {
  person_code: ANNA,
  full_name: "Nguyễn Thị An",
  birth_year: 1990,
  plate: "72C-123.45",
  declared_at: new Date(START - HOUR).toISOString(),
  symptoms: ["fever"],
  id_ending: "0123",
  phone: "+84912345678",
  state: "positive",
  sampling: "rt_pcr",
  last_result: { value: "positive", test_type: "ag_rapid", sampled_at: "", resulted_at: "", valid_until: null },
};
const asCard = (body: object): unknown => ({ kind: "person", id: ANNA, version: 1, expires_at: START + 48 * HOUR, body });
const readTube = (value: string): unknown => ({
  kind: "tube",
  id: "F1/XN09",
  version: 2,
  expires_at: START + 48 * HOUR,
  body: {
    facility: "F1",
    tube: "XN09",
    site: "truck",
    members: [{ person_code: ANNA, full_name: "Nguyễn Thị An" }],
    state: "resulted",
    value,
    result: "r1",
    test: "rapid",
    test_type: "ag_rapid",
    run: 1,
  },
});

const TOLD: Told = {
  fullName: "Lê Văn Bình",
  birthYear: "1980",
  sex: "male",
  idNumber: "",
  phone: "",
  plate: "",
  category: "other",
  vehicleClass: "truck",
  direction: "in",
  origin: "79",
  destination: "77",
  answers: [],
};

let desk: TestDesk;

beforeEach(async () => {
  vi.stubGlobal("IDBKeyRange", FakeKeyRange);
  derivation.iterations = 1_000;
  desk = await TestDesk.open();
  desk.node.cards = [asCard(POSITIVE), readTube("positive")];
});

async function at(...works: string[]): Promise<void> {
  desk.node.worksOf.set("canbo", works);
  await desk.startWork();
  await desk.until(({ persons, tubes }) => persons.has(ANNA) && tubes.has("XN09"));
}

/** Everything the screen is given, but the session and what has not been decided on. */
function screen(): string {
  return JSON.stringify({ ...desk.view, session: null, choices: null, testing: null, works: null });
}

const told = (): string[] => SECRETS.filter((secret) => screen().includes(secret));

test("data entry sees who it is and what was declared, and no result anywhere", async () => {
  await at("data_entry");
  await desk.scan(ANNA);
  expect(desk.view.person?.card).toMatchObject({ full_name: "Nguyễn Thị An", symptoms: ["fever"], plate: "72C-123.45" });
  expect(desk.view.person?.standing.key).toBe("seen.declared");
  expect(desk.view.next.key).toBe("next.person_declared");
  expect(told()).toEqual([]);
  await desk.scan("XN09");
  expect(desk.view).toMatchObject({ notice: { key: "notice.of_sampler_tube" }, tube: null, tray: [], readLast: [] });
  expect(told()).toEqual([]);
});

test("data entry declares for somebody", async () => {
  await at("data_entry");
  desk.station.askDeclare(true);
  expect(desk.view.isDeclaring).toBe(true);
  await desk.station.declare(TOLD, null);
  await desk.quiet();
  const kinds = desk.node.received.map(({ kind }) => kind);
  expect(kinds.filter((kind) => kind.startsWith("person.") || kind.startsWith("declaration."))).toHaveLength(2);
  expect(desk.view.person?.card?.full_name).toBe("Lê Văn Bình");
});

test("the police see one light for a plate and nothing of anybody", async () => {
  await at("traffic");
  for (const plate of ["72C-123.45", "72C12345"]) {
    await desk.scan("51C-678.90", plate);
    expect(desk.view.light).toMatchObject({ colour: "wait", plate: "72C-123.45", people: 1 });
  }
  expect(screen()).not.toMatch(/Nguyễn|fever|0123|1990/);
  expect(told()).toEqual([]);
  await desk.scan(ANNA);
  expect(desk.view.light).toMatchObject({ colour: "wait", plate: "72C-123.45" });
  expect(screen()).not.toMatch(/Nguyễn|fever|0123|1990/);
  expect(told()).toEqual([]);
});

test("the police record nothing, by no code and no key", async () => {
  await at("traffic");
  await desk.scan("XN01", ANNA, COMMAND_CODES.close_tube, "XN09", COMMAND_CODES.negative);
  await desk.station.declare(TOLD, null);
  await desk.quiet();
  expect(desk.view.notice?.key).toBe("notice.of_reader");
  expect(new Set(desk.node.received.map(({ kind }) => kind))).toEqual(new Set(["clock.measured", "shift.started"]));
});

test("what is another's work is said with whose it is and what to do", async () => {
  await at("traffic");
  const said: unknown[] = [];
  for (const code of ["XN01", COMMAND_CODES.close_tube, COMMAND_CODES.start_tests]) {
    await desk.scan(code);
    said.push(desk.view.notice?.key);
  }
  expect(said).toEqual(["notice.of_sampler_tube", "notice.of_sampler", "notice.of_reader"]);
});

test("a sampler pairs, is told which sample to take, and cannot read", async () => {
  await at("sampling");
  await desk.scan(ANNA);
  expect(desk.view.person?.standing.key).toBe("light.wait");
  expect(desk.view.caution?.key).toBe("caution.rt_pcr");
  await desk.scan("XN09");
  expect(desk.view).toMatchObject({ notice: { key: "notice.tube_sampled" }, tube: null, tray: [], readLast: [] });
  await desk.scan("XN01", newCode("P", new Uint8Array(16).fill(9)), COMMAND_CODES.close_tube, "XN01", COMMAND_CODES.negative);
  expect(desk.view.notice?.key).toBe("notice.of_reader");
  await desk.quiet();
  const kinds = desk.node.received.map(({ kind }) => kind);
  expect(kinds).toContain("specimen.collected");
  expect(kinds).not.toContain("result.recorded");
  expect(screen()).not.toContain("+84912345678");
});

test("a tube that stays shut to somebody opens nobody's card for the log of looks", async () => {
  await at("data_entry");
  await desk.scan("XN09");
  await desk.quiet();
  expect(desk.node.looks.size).toBe(0);
  desk.node.worksOf.set("canbo", ["signing"]);
  expect(await desk.station.signIn("canbo", "x")).toBeNull();
  await desk.scan("XN09");
  desk.station.lineMayBeBack();
  await vi.waitUntil(() => desk.node.looks.size === 1, { timeout: 60_000 });
});

test("a reader enters a result, and opens no tube", async () => {
  await at("reading");
  await desk.scan("XN01", ANNA);
  expect(desk.view.desk.step).toBe("idle");
  await desk.scan("XN09");
  expect(desk.view.tube?.value).toBe("positive");
  expect(desk.view.person).toBeNull();
});

test("who signs sees results and enters none", async () => {
  await at("signing");
  await desk.scan("XN09", COMMAND_CODES.negative);
  expect(desk.view.notice?.key).toBe("notice.of_reader");
  expect(desk.view.tube?.value).toBe("positive");
  await desk.scan("XN77");
  expect(desk.view).toMatchObject({ notice: { key: "notice.tube_not_here" }, desk: { step: "idle" } });
});

test("a change of person changes the screen at once, with the line down too", async () => {
  desk.node.badges.set(BADGE, "482913").set(OTHER_BADGE, "918273");
  desk.node.worksOf.set(BADGE, ["traffic"]);
  await at("data_entry", "sampling", "reading", "signing", "traffic");
  const change = async (badge: string, pin: string): Promise<void> => {
    await desk.scan(badge);
    expect(await desk.station.signInByBadge(pin, null)).toBeNull();
  };
  await desk.scan(ANNA, "XN09");
  expect(desk.view.tube?.value).toBe("positive");
  await change(OTHER_BADGE, "918273");
  await change(BADGE, "482913");
  expect(desk.view.shift?.staff.id).toBe(`staff-${BADGE}`);
  expect(desk.view).toMatchObject({ tube: null, person: null, tray: [], readLast: [], scanned: null, isDeclaring: false });
  await desk.scan(ANNA);
  expect(told()).toEqual([]);

  desk.node.isDown = true;
  desk.station.lineMayBeBack();
  await desk.until(({ line }) => line === "down");
  await change(OTHER_BADGE, "918273");
  await desk.scan(ANNA);
  expect(desk.view.person?.standing.key).toBe("standing.positive");
  await change(BADGE, "482913");
  expect([...desk.view.works]).toEqual(["traffic"]);
  await desk.scan(ANNA);
  expect(told()).toEqual([]);
});

test("what was cut for one is not shown to the next for the whole", async () => {
  const stranger = newCode("P", new Uint8Array(16).fill(7));
  const cut = { ...POSITIVE, person_code: stranger, full_name: "", state: "withheld", last_result: null, phone: null };
  desk.node.people.set(stranger, { ...(asCard({ ...cut, light: { colour: "wait", until: null } }) as object), id: stranger });
  await at("traffic");
  await desk.scan(stranger);
  await desk.until(({ persons }) => persons.has(stranger));
  expect(desk.view.light).toMatchObject({ colour: "wait", plate: "72C-123.45" });
  desk.node.worksOf.delete("canbo");
  desk.node.people.clear();
  expect(await desk.station.signIn("canbo", "x")).toBeNull();
  expect(desk.station.holder.state.persons.has(stranger)).toBe(false);
  await desk.reload();
  expect(desk.station.holder.state.persons.has(stranger)).toBe(false);
});

test("an entry that waits for a lead is told to whose work it is", async () => {
  desk.node.judge = ({ kind }) =>
    kind === "specimen.collected" ? { answer: "held", problem: "actor_not_allowed" } : { answer: "applied", problem: null };
  await at("sampling");
  await desk.scan("XN01", newCode("P", new Uint8Array(16).fill(9)), COMMAND_CODES.close_tube);
  await desk.until(({ entries }) => entries.some(({ state }) => state === "held"));
  expect(desk.view.attention).toHaveLength(1);
  desk.node.worksOf.set("canbo", ["data_entry"]);
  expect(await desk.station.signIn("canbo", "x")).toBeNull();
  expect(desk.view.attention).toEqual([]);
});

test("who was moved to another post has no work at this one", async () => {
  await at("sampling");
  desk.node.worksOf.set("canbo", []);
  expect(await desk.station.signIn("canbo", "x")).toBeNull();
  await desk.scan(ANNA, "XN02");
  expect(desk.view.notice?.key).toBe("notice.not_your_work");
  expect(desk.view.next.key).toBe("next.no_work");
});
