import { expect, test } from "vitest";
import { type Act, type Desk, EMPTY_DESK, move, type Move, type World } from "./desk.ts";
import type { TubeView } from "./overlay.ts";

const PLACE = { facility: "F1", site: "truck", post: "p1" };

function tube(name: string, more: Partial<TubeView> = {}): [string, TubeView] {
  const waiting: TubeView = {
    tube: name,
    sampledAt: 1_000,
    pooled: false,
    members: ["PA"],
    state: "waiting",
    value: null,
    result: null,
    resultedAt: null,
    site: "truck",
    held: false,
  };
  return [name, { ...waiting, ...more }];
}

const PERSONS = new Map([["PA", { registration: "R-PA", category: "goods_driver" }]]);
const RESULTED: Partial<TubeView> = { state: "resulted", value: "negative", result: "R1", resultedAt: 2_000 };
const world = (...tubes: [string, TubeView][]): World => {
  return { place: PLACE, tubes: new Map(tubes), persons: PERSONS, poolLimit: 3, isRevoked: false };
};

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
      test_type: "ag_rapid",
      members: [{ person_code: "PA", registration: "R-PA", category: "goods_driver", identity_seen: "no" }],
    },
  });
});

test("of whom no card is here the registration is left open", () => {
  const { record } = acted([scan("T1"), person("PX"), { kind: "close" }]);
  expect(record).toMatchObject({
    facts: { members: [{ person_code: "PX", registration: null, category: "other", identity_seen: "no" }] },
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
    facts: { facility: "F1", tube: "T1", test_type: "ag_rapid", value: "negative" },
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
