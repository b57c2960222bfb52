import { expect, test } from "vitest";
import { type Act, type Desk, EMPTY_DESK, move, type Move, type World } from "./desk.ts";
import type { TubeView } from "./overlay.ts";
import { choices, type Testing } from "./testing.ts";
import { TESTS } from "../testing/node.ts";
import { UNTOLD } from "../testing/told.ts";
import { tubeView } from "../testing/tubes.ts";
import { EVERY_WORK } from "./works.ts";

const PLACE = { facility: "F1", site: "truck", post: "p1" };

const tube = (name: string, more: Partial<TubeView> = {}): [string, TubeView] => [name, tubeView(name, more)];

const AN = { registration: "R-PA", category: "goods_driver", full_name: "An", birth_year: 1985 };
const PERSONS: World["persons"] = new Map([["PA", { ...AN, ...UNTOLD }]]);
const RESULTED: Partial<TubeView> = { state: "resulted", value: "negative", result: "R1", resultedAt: 2_000, run: 1 };
const CHOICES = choices(TESTS);
const [ANY_TIME, TIMED, , PCR] = CHOICES as [Testing, Testing, Testing, Testing];
const MINUTE = 60_000;

const world = (...tubes: [string, TubeView][]): World => ({
  place: PLACE,
  tubes: new Map(tubes),
  persons: PERSONS,
  testing: ANY_TIME,
  choices: CHOICES,
  now: 1_000 + 20 * MINUTE,
  works: EVERY_WORK,
  isRevoked: false,
});

/** `minutes` after the tube was closed, at a post that reads a kit with a window. */
const timed = (minutes: number, more: Partial<TubeView> = {}): World => ({
  ...world(tube("T1", { kit: "timed", ...more })),
  testing: TIMED,
  now: 1_000 + minutes * MINUTE,
});

function acted(acts: Act[], where: World = world(), from: Desk = EMPTY_DESK): Move & { records: unknown[] } {
  let last: Move = { desk: from, record: null, notice: null };
  const records: unknown[] = [];
  for (const act of acts) {
    last = move(last.desk, act, where);
    if (last.record) records.push(last.record);
  }
  return { ...last, records };
}

const scan = (name: string): Act => ({ kind: "tube", tube: name });
const person = (code: string): Act => ({ kind: "person", code });

test("one person in a tube is a single specimen", () => {
  const { record, desk } = acted([scan("T1"), person("PA"), { kind: "close" }]);
  expect(desk).toEqual(EMPTY_DESK);
  expect(record).toEqual({
    kind: "specimen.collected",
    facts: {
      facility: PLACE.facility,
      post: PLACE.post,
      tube: "T1",
      pool_kind: "single",
      specimen_type: "nasopharyngeal",
      test: "rapid",
      kit: "any-time",
      members: [{ person_code: "PA", registration: "R-PA", category: "goods_driver", identity_seen: "no" }],
    },
  });
});

test("of whom no card is here registration and group are left open", () => {
  const { record } = acted([scan("T1"), person("PX"), { kind: "close" }]);
  expect(record).toMatchObject({
    facts: { members: [{ person_code: "PX", registration: null, category: null, identity_seen: "no" }] },
  });
});

test("several people in a tube are a pool at collection, in the order they were scanned", () => {
  const { record } = acted([scan("T1"), person("PB"), person("PA"), { kind: "close" }]);
  expect(record).toMatchObject({
    facts: { pool_kind: "pool_at_collection", members: [{ person_code: "PB" }, { person_code: "PA" }] },
  });
});

test("the next tube closes the last and opens itself", () => {
  const { records, desk } = acted([scan("T1"), person("PA"), scan("T2")]);
  expect(records).toHaveLength(1);
  expect(desk).toEqual({ step: "collecting", tube: "T2", members: [] });
});

test("a tube without people is put away by the next one and records nothing", () => {
  const { records, notice, desk } = acted([scan("T1"), scan("T2")]);
  expect(records).toEqual([]);
  expect(notice?.key).toBe("notice.tube_replaced");
  expect(desk).toMatchObject({ tube: "T2" });
});

test("a tube without people cannot be closed", () => {
  const { record, notice, desk } = acted([scan("T1"), { kind: "close" }]);
  expect(record).toBeNull();
  expect(notice).toMatchObject({ tone: "attention", key: "notice.tube_empty" });
  expect(desk).toMatchObject({ step: "collecting", tube: "T1" });
});

test("the same person twice in a tube changes nothing", () => {
  const { notice, desk } = acted([scan("T1"), person("PA"), person("PA")]);
  expect(notice?.key).toBe("notice.person_again");
  expect(desk).toMatchObject({ members: ["PA"] });
});

test("the second scan of the open tube changes nothing", () => {
  const { notice, desk, records } = acted([scan("T1"), person("PA"), scan("T1")]);
  expect(notice?.key).toBe("notice.tube_already_open");
  expect(desk).toMatchObject({ tube: "T1", members: ["PA"] });
  expect(records).toEqual([]);
});

test("a full tube takes nobody more and says so calmly", () => {
  const { notice, desk } = acted([scan("T1"), ...["PA", "PB", "PC", "PD"].map(person)]);
  expect(notice).toMatchObject({ key: "notice.tube_full", params: { limit: 3 } });
  expect(desk).toMatchObject({ members: ["PA", "PB", "PC"] });
});

test("a used tube is refused while another is open, and the open one stays", () => {
  const { notice, desk, records } = acted([scan("T2"), person("PB"), scan("T1")], world(tube("T1")));
  expect(notice?.key).toBe("notice.tube_used");
  expect(desk).toMatchObject({ tube: "T2", members: ["PB"] });
  expect(records).toEqual([]);
});

test("a person who waits for another tube is taken, with a word about it", () => {
  const { notice, desk } = acted([scan("T2"), person("PA")], world(tube("T1")));
  expect(notice).toMatchObject({ tone: "attention", key: "notice.person_waiting_elsewhere" });
  expect(desk).toMatchObject({ members: ["PA"] });
});

test("a person scanned with no tube open is only looked at", () => {
  expect(acted([person("PA")])).toMatchObject({ desk: EMPTY_DESK, record: null, notice: null });
});

test("undo takes out the last person and never more than is there", () => {
  const { notice, desk } = acted([scan("T1"), person("PA"), { kind: "undo" }, { kind: "undo" }]);
  expect(desk).toEqual({ step: "collecting", tube: "T1", members: [] });
  expect(notice?.key).toBe("notice.nothing_to_undo");
});

test("undo after closing reopens nothing", () => {
  const { desk, records } = acted([scan("T1"), person("PA"), { kind: "close" }, { kind: "undo" }]);
  expect(desk).toEqual(EMPTY_DESK);
  expect(records).toHaveLength(1);
});

test("cancel puts an empty tube away but never drops people", () => {
  expect(acted([scan("T1"), { kind: "cancel" }]).desk).toEqual(EMPTY_DESK);
  const { desk, notice } = acted([scan("T1"), person("PA"), { kind: "cancel" }]);
  expect(desk).toMatchObject({ members: ["PA"] });
  expect(notice?.key).toBe("notice.tube_has_people");
});

test("a sampled tube asks for its result and the result is recorded", () => {
  const { record, desk } = acted([scan("T1"), { kind: "result", value: "negative" }], world(tube("T1")));
  expect(record).toEqual({
    kind: "result.recorded",
    facts: {
      facility: "F1",
      tube: "T1",
      test: "rapid",
      kit: "any-time",
      lot: null,
      run: 1,
      started: null,
      value: "negative",
    },
  });
  expect(desk).toMatchObject({ step: "resulting", tube: "T1" });
});

test.each(["negative", "positive", "invalid", "inconclusive"] as const)(
  "%s is told with the same tone and words",
  (value) => {
    const { notice } = acted([scan("T1"), { kind: "result", value }], world(tube("T1")));
    expect(notice).toEqual({ tone: "accepted", key: "notice.result_recorded", params: { tube: "T1" } });
  },
);

test("a result without a tube in hand is refused", () => {
  const { record, notice } = acted([{ kind: "result", value: "negative" }], world(tube("T1")));
  expect(record).toBeNull();
  expect(notice?.key).toBe("notice.scan_tube_first");
});

test("a result command while a tube is open for people records nothing", () => {
  expect(acted([scan("T2"), person("PA"), { kind: "result", value: "negative" }]).record).toBeNull();
});

test("a second result without correction is refused", () => {
  const { record, notice } = acted([scan("T1"), { kind: "result", value: "positive" }], world(tube("T1", RESULTED)));
  expect(record).toBeNull();
  expect(notice?.key).toBe("notice.already_resulted");
});

test("a correction names the result that stands", () => {
  const acts: Act[] = [scan("T1"), { kind: "correct" }, { kind: "result", value: "positive" }];
  const { record, desk } = acted(acts, world(tube("T1", RESULTED)));
  expect(record).toEqual({
    kind: "result.corrected",
    facts: { facility: "F1", tube: "T1", corrects: "R1", value: "positive", reason: "wrong_value" },
  });
  expect(desk).toMatchObject({ correcting: false });
});

test("a correction of a positive is recorded, and says that a second account has to sign", () => {
  const acts: Act[] = [scan("T1"), { kind: "correct" }, { kind: "result", value: "negative" }];
  const { record, notice } = acted(acts, world(tube("T1", { ...RESULTED, value: "positive" })));
  expect(record).toMatchObject({ kind: "result.corrected", facts: { value: "negative" } });
  expect(notice).toMatchObject({ tone: "attention", key: "notice.correction_waits" });
});

test("a correction to the same value records nothing", () => {
  const acts: Act[] = [scan("T1"), { kind: "correct" }, { kind: "result", value: "negative" }];
  expect(acted(acts, world(tube("T1", RESULTED)))).toMatchObject({
    record: null,
    notice: { key: "notice.same_value" },
  });
});

test("a tube without result cannot be corrected", () => {
  expect(acted([scan("T1"), { kind: "correct" }], world(tube("T1"))).notice?.key).toBe("notice.no_result_to_correct");
});

test("a disputed tube takes no result", () => {
  const { record, notice } = acted(
    [scan("T1"), { kind: "result", value: "negative" }],
    world(tube("T1", { state: "disputed" })),
  );
  expect(record).toBeNull();
  expect(notice?.key).toBe("notice.tube_disputed");
});

test("cancel leaves a correction, a second cancel leaves the tube", () => {
  const where = world(tube("T1", RESULTED));
  const first = acted([scan("T1"), { kind: "correct" }, { kind: "cancel" }], where);
  expect(first.desk).toEqual({ step: "resulting", tube: "T1", correcting: false });
  expect(acted([{ kind: "cancel" }], where, first.desk).desk).toEqual(EMPTY_DESK);
});

const revoked = (...tubes: [string, TubeView][]): World => ({ ...world(...tubes), isRevoked: true });

test("a revoked device opens no tube and adds nobody", () => {
  expect(acted([scan("T1")], revoked())).toMatchObject({
    desk: EMPTY_DESK,
    record: null,
    notice: { tone: "attention", key: "notice.revoked" },
  });
  const open = acted([scan("T1"), person("PA")]).desk;
  expect(acted([person("PB"), scan("T2")], revoked(), open)).toMatchObject({ desk: open, records: [] });
});

test("what was begun before a device was revoked is finished, and never told as done", () => {
  const open = acted([scan("T1"), person("PA")]).desk;
  const told = { tone: "attention", key: "notice.kept_revoked" };
  expect(acted([{ kind: "close" }], revoked(), open)).toMatchObject({
    desk: EMPTY_DESK,
    record: { kind: "specimen.collected" },
    notice: told,
  });
  const acts: Act[] = [scan("T1"), { kind: "result", value: "negative" }];
  expect(acted(acts, revoked(tube("T1")))).toMatchObject({ record: { kind: "result.recorded" }, notice: told });
});

test.each([
  [14, "notice.too_early"],
  [31, "notice.too_late"],
] as const)("%s minutes after it was started no result is taken", (minutes, key) => {
  const { record, notice } = acted([scan("T1"), { kind: "result", value: "negative" }], timed(minutes));
  expect(record).toBeNull();
  expect(notice).toMatchObject({ tone: "attention", key });
});

test.each([15, 30])("%s minutes after it was started the result names kit and lot", (minutes) => {
  const { record } = acted([scan("T1"), { kind: "result", value: "positive" }], timed(minutes));
  expect(record).toMatchObject({ facts: { test: "rapid", kit: "timed", lot: "L1", run: 1, started: null } });
});

test("a tray that was started later is read later, and the result says since when", () => {
  const later = { startedAt: 1_000 + 40 * MINUTE };
  const read: Act[] = [scan("T1"), { kind: "result", value: "negative" }];
  expect(acted(read, timed(50, later)).record).toBeNull();
  expect(acted(read, timed(56, later)).record).toMatchObject({ facts: { started: 16 } });
});

test.each([true, false])("what is read too late is no result; a line seen: %s", (lineSeen) => {
  const { record, notice } = acted([scan("T1"), { kind: "late", lineSeen }], timed(45));
  expect(record).toMatchObject({ facts: { value: "read_late", line_seen: lineSeen } });
  expect(notice?.tone).toBe("accepted");
});

test("nothing is read late within its window", () => {
  const { record, notice } = acted([scan("T1"), { kind: "late", lineSeen: true }], timed(20));
  expect(record).toBeNull();
  expect(notice?.key).toBe("notice.not_late");
});

test("a test that is done again begins with a scan of its own and is the next run", () => {
  const again = { ...RESULTED, value: "invalid", asksAgain: true } as const;
  const read: Act[] = [scan("T1"), { kind: "result", value: "negative" }];
  expect(acted(read, timed(20, again)).notice?.key).toBe("notice.start_first");
  expect(acted([scan("T1"), { kind: "start" }], timed(20, again)).record).toMatchObject({
    kind: "test.started",
    facts: { tubes: ["T1"], test: "rapid", kit: "timed", lot: "L1" },
  });
  const started = { ...again, startedAt: 1_000 + 25 * MINUTE };
  expect(acted(read, timed(41, started)).record).toMatchObject({ facts: { run: 2, started: 16 } });
});

test("one scan starts the tubes of the tray that wait for this test", () => {
  const where = world(tube("T1"), tube("T2", { startedAt: 5 }), tube("T3", { test: "pcr" }), tube("T4"));
  expect(acted([{ kind: "start" }], where).record).toMatchObject({ facts: { tubes: ["T1", "T4"] } });
  expect(acted([{ kind: "start" }], world()).notice?.key).toBe("notice.nothing_to_start");
});

test("a tube that was taken for another test is not read for this one", () => {
  const where: World = { ...world(tube("T1", { test: "pcr", kit: null })), testing: ANY_TIME };
  const { record, notice } = acted([scan("T1"), { kind: "result", value: "negative" }], where);
  expect(record).toBeNull();
  expect(notice?.key).toBe("notice.other_test");
});

test("a tube with a rapid result takes one of RT-PCR, at any time", () => {
  const where: World = { ...timed(2_000, { ...RESULTED, value: "positive" }), testing: PCR };
  const { record } = acted([scan("T1"), { kind: "result", value: "negative" }], where);
  expect(record).toMatchObject({ kind: "result.recorded", facts: { test: "pcr", kit: null, run: 1 } });
});

test.each([
  [TIMED, 1],
  [ANY_TIME, 3],
] as const)("a tube holds as many as its test and kit allow", (testing, limit) => {
  const where: World = { ...world(), testing };
  const { desk, notice } = acted([scan("T1"), ...["PA", "PB", "PC", "PD"].map(person)], where);
  expect(desk).toMatchObject({ members: ["PA", "PB", "PC", "PD"].slice(0, limit) });
  expect(notice).toMatchObject({ key: "notice.tube_full", params: { limit } });
});

test("without a test nothing is taken", () => {
  const where: World = { ...world(), testing: null, choices: [] };
  expect(acted([scan("T1")], where).notice?.key).toBe("notice.no_test");
});
