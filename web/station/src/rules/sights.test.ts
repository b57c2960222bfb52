/** What each work sees of a person, and the one light: held by `contracts/sights.json` as the server's twin is. */
import { describe, expect, test } from "vitest";
import told from "../../../../contracts/sights.json";
import { tubeView } from "../testing/tubes.ts";
import { type PersonCard, readCard } from "./cards.ts";
import { lightOf, standingFor, vehicleOf } from "./light.ts";
import { personView, type Tubes } from "./overlay.ts";
import { SEES, seenBy } from "./sights.ts";
import { type Work, type Works, WORKS } from "./works.ts";

const NOW = Date.parse(told.now);
const LATER = "2021-07-28T01:05:00.000Z";
const NONE: Tubes = new Map();

const WHOLE = {
  person_code: "PA",
  full_name: "Nguyễn Văn Đường",
  birth_year: 1985,
  sex: "male",
  category: "goods_driver",
  registration: "R-PA",
  vehicle_class: "truck",
  plate: "72C-123.45",
  direction: "in",
  origin: "TP. Hồ Chí Minh",
  destination: "Bà Rịa - Vũng Tàu",
  symptoms: ["fever"],
  exposures: ["contact_case"],
  declared_at: "2021-07-25T00:30:00.000Z",
  id_ending: "0123",
  phone: "+84912345678",
};

function card(said: object): PersonCard {
  const read = readCard({ kind: "person", id: "PA", version: 1, expires_at: NOW + 1, body: { ...WHOLE, ...said } });
  if (read?.kind !== "person" || !read.body) throw new Error("unreadable");
  return read.body;
}

const negative = (valid_until: string | null): object => ({
  state: "negative",
  sampling: "any",
  last_result: {
    value: "negative",
    test_type: "ag_rapid",
    sampled_at: "2021-07-25T01:05:00.000Z",
    resulted_at: "2021-07-25T01:25:00.000Z",
    valid_until,
    has_certificate: true,
  },
});
const POSITIVE = { state: "positive", sampling: "rt_pcr", last_result: { ...{ value: "positive" } } };
const works = (...each: Work[]): Works => new Set(each);

test.each(WORKS)("%s sees the fields of the contract and no others", (work) => {
  expect([...SEES[work]].sort()).toEqual(told.sees[work]);
  const whole = card(POSITIVE);
  const seen = seenBy(whole, works(work));
  const nothing = seenBy(whole, works());
  for (const [field, value] of Object.entries(seen)) {
    const isSeen = field === "person_code" || (told.sees[work] as string[]).includes(field);
    const key = field as keyof PersonCard;
    expect(value, field).toEqual(isSeen ? whole[key] : nothing[key]);
  }
});

describe("the light", () => {
  test.each(told.lights)("$why", ({ card: said, light, until }) => {
    const shown = lightOf(personView("PA", card(said), NONE), NOW);
    expect(shown).toEqual({ colour: light, until: until === null ? null : Date.parse(until) });
  });

  test("by a clock in doubt nothing is in date", () => {
    const person = personView("PA", card(negative(LATER)), NONE);
    expect(lightOf(person, NOW, true).colour).toBe("wait");
  });

  test("what this station has found since speaks louder than a card that is in date", () => {
    const found = { ...tubeView("T1", { members: ["PA"] }), sampledAt: NOW - 60_000, isAhead: true };
    const person = personView("PA", card(negative(LATER)), new Map([["T1", found]]));
    expect(lightOf(person, NOW).colour).toBe("wait");
  });

  test("a card that was cut on the way shows the light it came with, and not after its end", () => {
    const cut = card({ state: "withheld", light: { colour: "valid", until: LATER } });
    expect(lightOf(personView("PA", cut, NONE), NOW)).toEqual({ colour: "valid", until: Date.parse(LATER) });
    expect(lightOf(personView("PA", cut, NONE), Date.parse(LATER)).colour).toBe("none");
    expect(lightOf(personView("PA", cut, NONE), NOW, true).colour).toBe("wait");
    expect(lightOf(personView("PA", card({ state: "withheld", light: null }), NONE), NOW).colour).toBe("wait");
  });

  test("who waits and who is positive are told by the same words to who reads no results", () => {
    for (const said of [POSITIVE, { state: "disputed" }, { state: "contact" }]) {
      const person = personView("PA", card(said), NONE);
      expect(standingFor(person, works("traffic"), NOW, false)).toMatchObject({ sign: "wait", key: "light.wait" });
    }
    const sampled = personView("PA", card({ state: "sampled" }), NONE);
    expect(standingFor(sampled, works("traffic"), NOW, false)).toMatchObject({ sign: "wait", key: "light.wait" });
    expect(standingFor(sampled, works("data_entry"), NOW, false).key).toBe("seen.declared");
  });
});

describe("a vehicle", () => {
  const of = (code: string, said: object): PersonCard => card({ person_code: code, ...said });
  const EARLIER = "2021-07-26T01:05:00.000Z";
  const look = (...cards: PersonCard[]): ReturnType<typeof vehicleOf> => vehicleOf("72C12345", cards, NONE, NOW, false);

  test("of which all hold a paper is let on until the first one ends", () => {
    const seen = look(of("PA", negative(LATER)), of("PB", { ...negative(EARLIER), plate: "72c 12345" }));
    expect(seen).toEqual({ plate: "72C-123.45", people: 2, light: { colour: "valid", until: Date.parse(EARLIER) } });
  });

  test("with one who waits waits, and with one without a paper has none", () => {
    expect(look(of("PA", negative(LATER)), of("PB", POSITIVE)).light.colour).toBe("wait");
    expect(look(of("PA", negative(LATER)), of("PB", { state: "declared" })).light.colour).toBe("none");
    expect(look(of("PA", { state: "declared" }), of("PB", { state: "sampled" })).light.colour).toBe("wait");
  });

  test("that nobody declared for, or long ago, is not known", () => {
    const old = of("PA", { ...negative(LATER), declared_at: "2021-07-22T00:30:00.000Z" });
    const other = of("PB", { ...negative(LATER), plate: "51C-678.90" });
    expect(look(old, other, of("PC", { ...negative(LATER), plate: null }))).toMatchObject({
      people: 0,
      light: { colour: "none" },
    });
  });
});
