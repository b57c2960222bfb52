import { expect, test } from "vitest";
import texts from "../../../contracts/texts/station.json";
import { RESULT_VALUES } from "./rules/entry.ts";
import { say, sayPeople, sayProblem, sayValue } from "./language.ts";

const placeholders = (text: string): string[] => (text.match(/\{\w+\}/g) ?? []).sort();

test.each(Object.entries(texts))("%s is said in both languages with the same places to fill", (_key, { vi, en }) => {
  expect(vi.trim()).not.toBe("");
  expect(en.trim()).not.toBe("");
  expect(placeholders(vi)).toEqual(placeholders(en));
  expect(vi).toBe(vi.normalize("NFC"));
});

test("places are filled and what is missing stays visible", () => {
  expect(say("vi", "tube.count", { count: 3, limit: 10 })).toBe("3/10 người");
  expect(say("vi", "tube.count", { count: 3 })).toBe("3/{limit} người");
});

test("one is a person, more are people", () => {
  expect([1, 3].map((count) => sayPeople("en", count))).toEqual(["1 person", "3 people"]);
  expect(sayPeople("vi", 1)).toBe("1 người");
});

test("a value or a problem without words is shown as its code", () => {
  expect(sayValue("vi", "sex", "male")).toBe("Nam");
  expect(sayValue("vi", "sex", "new")).toBe("new");
  expect(sayProblem("vi", "no_such_problem")).toBe("no_such_problem");
});

test("each result has its words", () => {
  for (const value of RESULT_VALUES) expect(sayValue("en", "result", value)).not.toBe(value);
});
