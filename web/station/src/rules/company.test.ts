/** One code shows everybody in the vehicle. */
import { expect, test } from "vitest";
import type { PersonCard } from "./cards.ts";
import { companyOf } from "./company.ts";
import { cardOf } from "./declaring.ts";

const told = {
  birthYear: "1985",
  sex: "male",
  idNumber: "",
  phone: "",
  plate: "",
  category: "other",
  vehicleClass: "car",
  direction: "in",
  origin: "79",
  destination: "77",
  answers: [],
} as const;

const card = (code: string, fullName: string, party: PersonCard["party"] = []): PersonCard => ({
  ...cardOf({ ...told, fullName }, code, "", ""),
  party,
});
const cards = (...all: PersonCard[]): Map<string, PersonCard> => new Map(all.map((each) => [each.person_code, each]));
const along = (code: string, full_name: string | null = null): PersonCard["party"][number] => ({ person_code: code, full_name });
const FAMILY = cards(
  card("PA", "An", [along("PB", "Be"), along("PC", "Cúc"), along("PD")]),
  card("PB", "Bé"),
  card("PX", "Xuân"),
);

test("whoever of them is scanned, everybody in the vehicle is at hand, the one who declared first", () => {
  for (const code of ["PA", "PB"]) {
    const company = companyOf(code, FAMILY, ["PB"]);
    expect(company.map((each) => each.name)).toEqual(["An", "Bé", "Cúc", ""]);
    expect(company.filter((each) => each.isScanned).map((each) => each.code)).toEqual([code]);
    expect(company.filter((each) => each.isIn).map((each) => each.code)).toEqual(["PB"]);
  }
});

test("who declared alone has no company, also when others come in the meantime", () => {
  expect(companyOf("PX", FAMILY, [])).toEqual([]);
  expect(companyOf("PX", FAMILY, [])).toEqual([]);
  expect(companyOf("PX", cards(card("PA", "An", [along("PX")])), [])).toHaveLength(2);
});
