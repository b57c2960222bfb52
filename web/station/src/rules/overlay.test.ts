import { expect, test } from "vitest";
import type { PersonCard, TubeCard } from "./cards.ts";
import type { ResultRecorded } from "./entry.ts";
import { overlayTubes as overlayAt, type OwnEntry, personView, readLast, tray, type Tubes } from "./overlay.ts";
import { standing } from "./standing.ts";
import { UNTOLD } from "../testing/told.ts";

const overlayTubes = (facility: string, cards: readonly TubeCard[], own: readonly OwnEntry[]): Tubes =>
  overlayAt(facility, cards, own, {
    siteOf: (post) => (post === "p1" ? "truck" : ""),
    methodOf: (test) => (test === "rapid" ? "ag_rapid" : "rt_pcr"),
  });

const CARD: TubeCard = {
  facility: "F1",
  tube: "T1",
  site: "truck",
  pool_kind: "single",
  sampled_at: "2021-07-20T06:00:00.000Z",
  members: [{ person_code: "PA", full_name: "An" }],
  state: "waiting",
  value: null,
  result: null,
  resulted_at: null,
  test: "rapid",
  kit: "timed",
  test_type: "ag_rapid",
  run: 0,
  asks_again: false,
  is_outside_window: false,
  line_seen: null,
  started_at: null,
  is_household: false,
};

const collected = (tube: string, at: number, state: OwnEntry["state"] = "waiting"): OwnEntry => ({
  id: `collected-${tube}`,
  at,
  state,
  happening: {
    kind: "specimen.collected",
    facts: {
      facility: "F1",
      post: "p1",
      tube,
      pool_kind: "single",
      specimen_type: "nasopharyngeal",
      test: "rapid",
      kit: "timed",
      members: [{ person_code: "PA", registration: null, category: "other", identity_seen: "no" }],
    },
  },
});

const recorded = (tube: string, at: number, more: Partial<ResultRecorded> = {}): OwnEntry => ({
  id: `recorded-${tube}`,
  at,
  state: "waiting",
  happening: { kind: "result.recorded", facts: { facility: "F1", tube, test: "rapid", value: "negative", ...more } },
});

const corrected = (tube: string, at: number, corrects: string): OwnEntry => ({
  id: `corrected-${tube}`,
  at,
  state: "waiting",
  happening: {
    kind: "result.corrected",
    facts: { facility: "F1", tube, corrects, value: "positive", reason: "wrong_value" },
  },
});

const PERSON: PersonCard = {
  person_code: "PA",
  full_name: "An",
  birth_year: 1990,
  sex: "male",
  category: "other",
  registration: "R-PA",
  vehicle_class: "none",
  plate: null,
  direction: "in",
  origin: "",
  destination: "",
  party: [],
  ...UNTOLD,
  may_be_same: false,
  phone: null,
  id_ending: "",
  declared_at: "2021-07-20T01:00:00.000Z",
  state: "declared",
  last_result: null,
  light: null,
};

const NOON = Date.parse("2021-07-20T05:00:00.000Z");

test("an own tube is known before its card has come", () => {
  expect(overlayTubes("F1", [], [collected("T1", 5)]).get("T1")).toMatchObject({
    state: "waiting",
    members: ["PA"],
    sampledAt: 5,
  });
});

test("an own tube that was receipted stays known until its card comes", () => {
  expect(overlayTubes("F1", [], [collected("T1", 5, "settled")]).has("T1")).toBe(true);
});

test("a rejected entry never happened", () => {
  expect(overlayTubes("F1", [], [collected("T1", 5, "rejected")]).size).toBe(0);
});

test("a held tube is shown as held", () => {
  expect(overlayTubes("F1", [], [collected("T1", 5, "held")]).get("T1")?.held).toBe(true);
});

test("the own result stands over a card that still waits", () => {
  const view = overlayTubes("F1", [CARD], [recorded("T1", 9)]).get("T1");
  expect(view).toMatchObject({ state: "resulted", value: "negative", result: "recorded-T1", resultedAt: 9 });
});

test("own entries that the card already holds change nothing", () => {
  const card: TubeCard = { ...CARD, state: "resulted", run: 1, value: "positive", result: "corrected-T1" };
  const own = [collected("T1", 1), recorded("T1", 2), corrected("T1", 3, "recorded-T1")];
  expect(overlayTubes("F1", [card], own).get("T1")).toMatchObject({ value: "positive", result: "corrected-T1" });
});

test("collected, resulted and corrected while the line was down all show, whatever their order in the store", () => {
  const own = [corrected("T1", 3, "recorded-T1"), collected("T1", 1), recorded("T1", 2)];
  expect(overlayTubes("F1", [], own).get("T1")).toMatchObject({ value: "positive", result: "corrected-T1" });
});

test("a tube of another facility with the same barcode is another tube", () => {
  expect(overlayTubes("F2", [CARD], [collected("T1", 1)]).size).toBe(0);
});

test("a disputed tube stays disputed", () => {
  expect(overlayTubes("F1", [{ ...CARD, state: "disputed" }], [recorded("T1", 9)]).get("T1")?.state).toBe("disputed");
});

test("the tray holds waiting tubes of this site, the first due on top", () => {
  const elsewhere: TubeCard = { ...CARD, tube: "T9", site: "cars" };
  const done: TubeCard = { ...CARD, tube: "T8", state: "resulted", value: "negative", result: "R" };
  const tubes = overlayTubes("F1", [elsewhere, done], [collected("T2", 20), collected("T1", 10)]);
  expect(tray(tubes, "truck").map(({ tube }) => tube)).toEqual(["T1", "T2"]);
});

test("what was read last stands on top, of this site and no more than is asked for", () => {
  const read = (tube: string, resulted_at: string, site = "truck"): TubeCard => {
    return { ...CARD, tube, site, state: "resulted", value: "negative", result: tube, resulted_at };
  };
  const cards = [read("T1", "2021-07-19T05:00:00Z"), read("T2", "2021-07-19T06:00:00Z"), read("T3", "2021-07-19T04:00:00Z")];
  const tubes = overlayTubes("F1", [...cards, read("T9", "2021-07-19T07:00:00Z", "cars")], [collected("T4", 20)]);
  expect(readLast(tubes, "truck", 2).map(({ tube }) => tube)).toEqual(["T2", "T1"]);
});

const NEGATIVE = {
  value: "negative" as const,
  test_type: "ag_rapid",
  sampled_at: "2021-07-19T05:00:00.000Z",
  resulted_at: "2021-07-19T05:20:00.000Z",
  valid_until: "2021-07-20T05:00:01.000Z",
  has_certificate: true,
};

test("a valid negative is valid until its time and over after it", () => {
  const person = personView("PA", { ...PERSON, state: "negative", last_result: NEGATIVE }, new Map());
  expect(standing(person, NOON).sign).toBe("valid");
  expect(standing(person, NOON + 1_000).sign).toBe("over");
});

test("g7: by a clock in doubt nobody is said to be valid or over, and the day is told with the time", () => {
  const person = personView("PA", { ...PERSON, state: "negative", last_result: NEGATIVE }, new Map());
  for (const now of [NOON, NOON + 1_000]) {
    const params = { until: "12:00 20/07/2021" };
    expect(standing(person, now, true)).toEqual({ sign: "wait", key: "standing.valid_doubtful", params });
  }
});

test.each([
  [true, "standing.no_rule"],
  [false, "standing.negative_provisional"],
])("a negative without a time tells no rule from no certificate", (has_certificate, key) => {
  const last_result = {
    value: "negative" as const,
    test_type: "ag_rapid",
    sampled_at: "2021-07-19T05:00:00.000Z",
    resulted_at: "2021-07-19T05:20:00.000Z",
    valid_until: null,
    has_certificate,
  };
  const person = personView("PA", { ...PERSON, state: "negative", last_result }, new Map());
  expect(standing(person, NOON)).toMatchObject({ sign: "wait", key });
});

test("a newer tube that waits stands before an older valid result", () => {
  const last_result = {
    value: "negative" as const,
    test_type: "ag_rapid",
    sampled_at: "2021-07-19T05:00:00.000Z",
    resulted_at: "2021-07-19T05:20:00.000Z",
    valid_until: "2021-07-22T05:00:00.000Z",
    has_certificate: true,
  };
  const tubes = overlayTubes("F1", [], [collected("T1", NOON)]);
  const person = personView("PA", { ...PERSON, state: "negative", last_result }, tubes);
  expect(standing(person, NOON)).toMatchObject({ sign: "wait", key: "standing.waiting" });
});

test("a positive is an ordinary card without a colour of its own", () => {
  const person = personView("PA", { ...PERSON, state: "positive" }, new Map());
  expect(standing(person, NOON)).toEqual({ sign: "plain", key: "standing.positive" });
});

test("nobody in a positive pool is positive: each is to be sampled again", () => {
  const card: TubeCard = {
    ...CARD,
    pool_kind: "pool_at_collection",
    state: "resulted",
    value: "positive",
    result: "R",
  };
  const person = personView("PA", PERSON, overlayTubes("F1", [card], []));
  expect(standing(person, NOON).key).toBe("standing.recollect");
});

test("an own correction stands before the result that the card still shows", () => {
  const last_result = {
    value: "negative" as const,
    test_type: "ag_rapid",
    sampled_at: CARD.sampled_at,
    resulted_at: "2021-07-20T06:20:00.000Z",
    valid_until: "2021-07-23T06:00:00.000Z",
    has_certificate: true,
  };
  const card: TubeCard = {
    ...CARD,
    state: "resulted",
    value: "negative",
    result: "R",
    resulted_at: last_result.resulted_at,
  };
  const person: PersonCard = { ...PERSON, state: "negative", last_result };
  const at = Date.parse("2021-07-20T07:00:00.000Z");
  expect(standing(personView("PA", person, overlayTubes("F1", [card], [])), at).key).toBe("standing.valid");
  const own = overlayTubes("F1", [card], [corrected("T1", at, "R")]);
  expect(standing(personView("PA", person, own), at).key).toBe("standing.positive");
});

test("an own correction of a positive changes nothing here until the card says that a second account has signed", () => {
  const card: TubeCard = { ...CARD, state: "resulted", run: 1, value: "positive", result: "R" };
  const { happening, ...entry } = corrected("T1", 9, "R");
  const own = [{ ...entry, happening: { ...happening, facts: { ...happening.facts, value: "negative" } } }] as OwnEntry[];
  expect(overlayTubes("F1", [card], own).get("T1")).toMatchObject({ value: "positive", result: "R" });
  const signed: TubeCard = { ...card, value: "negative", result: entry.id };
  expect(overlayTubes("F1", [signed], own).get("T1")).toMatchObject({ value: "negative", result: entry.id });
});
