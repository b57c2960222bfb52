import { expect, test } from "vitest";
import { isBehind, type Known, lostBy } from "./again.ts";
import type { Range, Receipt } from "./receipt.ts";

const known: Known = { epoch: "life 1", highest: { one: 9 } };

function receipt(highest: number, gaps: Range[] = [], epoch = "life 1"): Receipt {
  return { epoch, answers: [], gaps: new Map([["one", gaps]]), highest: new Map([["one", highest]]) };
}

const rangesOf = (told: Receipt): unknown => {
  const lost = lostBy(told, known);
  return lost.everything ? "everything" : (lost.ranges.get("one") ?? []);
};

test("a node that knows as much as before has lost nothing", () => {
  expect(rangesOf(receipt(9))).toEqual([]);
  expect(rangesOf(receipt(12))).toEqual([]);
});

test("what lies in a named gap is lost, and what lies above the highest number it still knows", () => {
  expect(rangesOf(receipt(12, [[3, 4]]))).toEqual([[3, 4]]);
  expect(rangesOf(receipt(6, [[3, 4]]))).toEqual([
    [3, 4],
    [7, 9],
  ]);
});

test("a node that lives another life may have lost everything", () => {
  expect(rangesOf(receipt(99, [], "life 2"))).toBe("everything");
});

test("before the first receipt nothing was acknowledged", () => {
  expect(lostBy(receipt(0), null)).toEqual({ everything: false, ranges: new Map() });
});

test("a node that knows higher numbers than this store gave out shows that the store was put back", () => {
  expect(isBehind(receipt(5), { log: "one", seq: 4 })).toBe(true);
  expect(isBehind(receipt(4), { log: "one", seq: 4 })).toBe(false);
  expect(isBehind(receipt(5), { log: "two", seq: 4 })).toBe(false);
  expect(isBehind(receipt(5), null)).toBe(false);
});
