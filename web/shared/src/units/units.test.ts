/** Units are found, read and written in the browser as in Python. */
import { expect, it } from "vitest";
import contract from "../../../../contracts/unit_search.json";
import { Finder } from "./finder.ts";
import table from "./table.txt?raw";
import { fullName, named, readTable } from "./table.ts";
import { readSought } from "./words.ts";

const units = readTable(table);
const finder = new Finder(units);
const byName = new Map(units.map((unit) => [named(unit), unit]));

it.each(contract.read)("reads $text as Python does", ({ text, words }) => {
  expect(readSought(text)).toEqual(words);
});

it.each(contract.find)("finds by $text what Python finds", ({ text, found }) => {
  expect(finder.find(text).map(named)).toEqual(found);
});

it.each(contract.full_names)("names $unit as Python does", ({ unit, name }) => {
  const found = byName.get(unit);
  expect(found && fullName(found)).toBe(name);
});

it("holds every unit once", () => {
  expect(byName.size).toBe(units.length);
});

it.each(["\t001 Quận Ba Đình", "nso-2021\n\t\t00001 Phường Phúc Xá"])("refuses the table %j", (lines) => {
  expect(() => readTable(lines)).toThrow("no line of units");
});
