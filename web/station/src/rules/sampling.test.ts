/** Findings A1, H1 to H3 and H7 at the station: who is sampled how, beside whom, and what is said of them. */
import { expect, test } from "vitest";
import { tubeView as tube } from "../testing/tubes.ts";
import { UNTOLD } from "../testing/told.ts";
import { TESTS } from "../testing/node.ts";
import type { PersonCard } from "./cards.ts";
import { cautionOf } from "./caution.ts";
import { type Act, type Desk, EMPTY_DESK, move, type World } from "./desk.ts";
import { nextLine, type StandingPerson } from "./next.ts";
import { personView, type TubeView } from "./overlay.ts";
import { samplingOf } from "./sampling.ts";
import { standing } from "./standing.ts";
import { choices, type Testing } from "./testing.ts";
import { shortTime } from "./time.ts";
import { EVERY_WORK } from "./works.ts";

const CHOICES = choices(TESTS);
const [RAPID, , , PCR] = CHOICES as [Testing, Testing, Testing, Testing];
const NOW = 60 * 60_000;

const card = (more: Partial<PersonCard> = {}): PersonCard => ({
  person_code: "PA",
  full_name: "An",
  birth_year: 1985,
  sex: "male",
  category: "goods_driver",
  registration: "R-PA",
  vehicle_class: "truck",
  plate: null,
  party: [],
  direction: "in",
  origin: "",
  destination: "",
  declared_at: "",
  state: "declared",
  may_be_same: false,
  phone: null,
  id_ending: "",
  last_result: null,
  light: null,
  ...UNTOLD,
  ...more,
});

function world(testing: Testing, cards: PersonCard[], ...tubes: TubeView[]): World {
  return {
    place: { facility: "F1", site: "truck", post: "p1" },
    tubes: new Map(tubes.map((each) => [each.tube, each])),
    persons: new Map(cards.map((each) => [each.person_code, each])),
    testing,
    choices: CHOICES,
    now: NOW,
    works: EVERY_WORK,
    isRevoked: false,
  };
}

function seen(where: World, known: PersonCard | null): StandingPerson {
  const view = personView("PA", known, where.tubes);
  return { ...view, standing: standing(view, NOW) };
}

function said(where: World, known: PersonCard | null): unknown {
  const person = seen(where, known);
  const caution = cautionOf(person, where);
  return [person.standing.key, caution?.key ?? null, nextLine(EMPTY_DESK, person, where).key];
}

const found = (name: string, at: number, more: Partial<TubeView> = {}): TubeView =>
  tube(name, { sampledAt: at, resultedAt: at + 1, state: "resulted", isAhead: true, result: name, run: 1, ...more });
const POSITIVE = found("T1", 1_000, { value: "positive" });
const POOL = { value: "positive", pooled: true } as const;

test.each<[string, TubeView[], string]>([
  ["a rapid positive", [POSITIVE], "rt_pcr"],
  ["a later rapid negative", [POSITIVE, found("T2", 2_000, { value: "negative" })], "rt_pcr"],
  ["a later negative pool by RT-PCR", [POSITIVE, found("T2", 2_000, { value: "negative", testType: "rt_pcr", pooled: true })], "rt_pcr"],
  ["a later RT-PCR", [POSITIVE, found("T2", 2_000, { value: "negative", testType: "rt_pcr" })], "any"],
  ["an earlier RT-PCR", [POSITIVE, found("T2", 500, { value: "negative", testType: "rt_pcr" })], "rt_pcr"],
  ["a positive by RT-PCR", [found("T1", 1_000, { value: "positive", testType: "rt_pcr" })], "none"],
  ["a rapid pool", [found("T1", 1_000, POOL)], "single"],
  ["a rapid pool and a later rapid test", [found("T1", 1_000, POOL), found("T2", 2_000, { value: "negative" })], "any"],
  ["a pool by RT-PCR", [found("T1", 1_000, { ...POOL, testType: "rt_pcr" })], "rt_pcr"],
  ["a line seen too late", [found("T1", 1_000, { value: "read_late", lineSeen: true, asksAgain: true })], "rt_pcr"],
  ["no line seen too late", [found("T1", 1_000, { value: "read_late", lineSeen: false, asksAgain: true })], "single"],
  ["a spoiled test", [found("T1", 1_000, { value: "invalid", asksAgain: true })], "single"],
])("a1, a9: with the line down %s leaves what may be sampled", (_name, tubes, sampling) => {
  expect(samplingOf(card(), tubes)).toBe(sampling);
});

test("what the province's card knows of a tube already it says itself, unless there is none", () => {
  const told = { ...POSITIVE, isAhead: false };
  expect(samplingOf(card(), [told])).toBe("any");
  expect(samplingOf(null, [told])).toBe("rt_pcr");
});

test.each<[string, Partial<PersonCard>, string]>([
  ["a fever", { symptoms: ["fever"] }, "single"],
  ["a contact with a case", { exposures: ["contact_case"] }, "single"],
  ["a stay in an area where every driver has been", { exposures: ["been_in_outbreak_area"] }, "any"],
  ["a fever of a positive", { symptoms: ["fever"], sampling: "rt_pcr" }, "rt_pcr"],
])("h3: %s says how somebody is sampled", (_name, told, sampling) => {
  expect(samplingOf(card(told), [])).toBe(sampling);
});

test("a1: a rapid sample is never proposed to a positive, and the test can be changed for them", () => {
  const known = card({ state: "positive", sampling: "rt_pcr" });
  expect(said(world(RAPID, [known]), known)).toEqual(["standing.positive", "caution.rt_pcr", "next.choose_rt_pcr"]);
  expect(said(world(PCR, [known]), known)).toEqual(["standing.positive", "caution.rt_pcr", "next.person_rt_pcr"]);
  expect(cautionOf(seen(world(RAPID, [known]), known), world(RAPID, [known]))?.change).toBe(PCR);
  const taken = world(RAPID, [known], tube("T2", { sampledAt: 2_000, testType: "rt_pcr", isAhead: true }));
  expect(said(taken, known)).toEqual(["standing.positive", "caution.rt_pcr_taken", "next.person_sampled"]);
  expect(cautionOf(seen(taken, known), taken)?.params).toEqual({ time: shortTime(2_000, NOW) });
});

test("a4: of a case one neutral line is said, whatever was found", () => {
  const known = card({ state: "positive", sampling: "none", symptoms: ["fever"] });
  expect(said(world(PCR, [known]), known)).toEqual(["standing.case", null, "next.person_case"]);
  const here = world(PCR, [], found("T1", 1_000, { value: "positive", testType: "rt_pcr" }));
  expect(said(here, null)).toEqual(["standing.case", null, "next.person_case"]);
});

test("h7: of whom the machine finds alike it is said that it may be one person, and nothing of the other", () => {
  const known = card({ state: "disputed", may_be_same: true, sampling: "rt_pcr" });
  expect(said(world(RAPID, [known]), known)).toEqual(["standing.may_be_same", "caution.rt_pcr", "next.choose_rt_pcr"]);
});

test("who needs no sample is told how it would be taken all the same", () => {
  const until = new Date(NOW + 60_000).toISOString();
  const result = { value: "negative", test_type: "ag_rapid", sampled_at: "", resulted_at: "", valid_until: until } as const;
  const known = card({ state: "negative", symptoms: ["cough"], last_result: { ...result, has_certificate: true } });
  expect(said(world(RAPID, [known]), known)).toEqual(["standing.valid", "caution.if_single", "next.person_valid"]);
});

const scan = (name: string): Act => ({ kind: "tube", tube: name });
const person = (code: string): Act => ({ kind: "person", code });

function tried(where: World, ...codes: string[]): unknown {
  let desk: Desk = move(EMPTY_DESK, scan("T9"), where).desk;
  let key: string | undefined;
  for (const code of codes) {
    const made = move(desk, person(code), where);
    desk = made.desk;
    key = made.notice?.key;
  }
  return [desk.step === "collecting" ? desk.members : [], key];
}

const WELL = card({ person_code: "PB" });
const [AS_POSITIVE, AS_CASE, AS_ILL] = [
  card({ sampling: "rt_pcr" }),
  card({ sampling: "none" }),
  card({ symptoms: ["fever"] }),
];
test.each<[string, World, string[], unknown]>([
  ["a positive goes into no rapid tube", world(RAPID, [AS_POSITIVE]), ["PA"], [[], "notice.only_rt_pcr"]],
  ["a positive goes alone into one for RT-PCR", world(PCR, [AS_POSITIVE]), ["PA"], [["PA"], "notice.person_added"]],
  ["a case goes into no tube", world(PCR, [AS_CASE]), ["PA"], [[], "notice.no_sample"]],
  ["a fever joins nobody", world(PCR, [AS_ILL, WELL]), ["PB", "PA"], [["PB"], "notice.alone"]],
  ["nobody joins a fever", world(PCR, [AS_ILL, WELL]), ["PA", "PB"], [["PA"], "notice.tube_of_one"]],
])("h3: %s", (_name, where, codes, outcome) => {
  expect(tried(where, ...codes)).toEqual(outcome);
});

test("a tube of a household says so, of one person it does not", () => {
  const where = world(PCR, [card(), WELL]);
  const facts = (...codes: string[]): unknown => {
    const acts = [scan("T9"), { kind: "household" } as const, ...codes.map(person), { kind: "close" } as const];
    let made = move(EMPTY_DESK, scan("T8"), where);
    for (const act of acts) made = move(made.desk, act, where);
    return made.record?.facts;
  };
  expect(facts("PA", "PB")).toMatchObject({ pool_kind: "pool_at_collection", is_household: true });
  expect(facts("PA")).not.toHaveProperty("is_household");
});
