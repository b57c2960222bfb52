import { expect, test } from "vitest";
import { readReceipt } from "./receipt.ts";

const sent = [
  { id: "a", digest: "digest of a" },
  { id: "b", digest: "digest of b" },
];
const receipt = (answers: unknown[], node = "node"): string =>
  JSON.stringify({ protocol: 1, node, epoch: "life 1", received_at: 1, answers, gaps: {}, highest: {} });
const answer = (id: string | null, what: string, problem: string | null = null): unknown => ({
  id,
  answer: what,
  problem,
});

const answered = (id: string, state: string, problem: string | null = null): unknown => {
  return { id, state, problem };
};

test("applied and duplicate settle, held is held, rejected is kept with its reason", () => {
  const all = ["a", "b", "c", "d"].map((id) => ({ id, digest: "" }));
  const text = receipt([
    answer("a", "applied"),
    answer("b", "duplicate"),
    answer("c", "held", "actor_not_allowed"),
    answer("d", "rejected", "id_reused"),
  ]);
  expect(readReceipt(text, "node", all)?.answers).toEqual([
    answered("a", "settled"),
    answered("b", "settled"),
    answered("c", "held", "actor_not_allowed"),
    answered("d", "rejected", "id_reused"),
  ]);
});

test("a number that was used before and a device that was forgotten are for the station to mend", () => {
  const text = receipt([
    answer("a", "rejected", "running_number_reused"),
    answer("b", "rejected", "device_unknown"),
  ]);
  expect(readReceipt(text, "node", sent)?.answers).toEqual([
    answered("a", "reused", "running_number_reused"),
    answered("b", "unknown", "device_unknown"),
  ]);
});

test("an unreadable entry is answered by its place in the batch", () => {
  const text = receipt([answer(null, "rejected", "entry_unreadable"), answer("b", "applied")]);
  expect(readReceipt(text, "node", sent)?.answers[0]).toEqual(answered("a", "rejected", "entry_unreadable"));
});

test("an answer this version does not know settles nothing", () => {
  const text = receipt([answer("a", "stored"), answer("b", "applied")]);
  expect(readReceipt(text, "node", sent)?.answers).toEqual([answered("b", "settled")]);
});

test("gaps and highest numbers are read by log, and what is neither is left out", () => {
  const text = JSON.stringify({
    ...(JSON.parse(receipt([answer("a", "applied"), answer("b", "applied")])) as object),
    gaps: { one: [[2, 4], [6], "x"], two: 5 },
    highest: { one: 9, two: "x" },
  });
  const read = readReceipt(text, "node", sent);
  expect(read?.gaps).toEqual(new Map([["one", [[2, 4]]], ["two", []]]));
  expect(read?.highest).toEqual(new Map([["one", 9]]));
});

const digested = (digest: string): unknown => ({ id: "a", digest, answer: "applied", problem: null });

test("a digest that is given is the one of what was sent", () => {
  expect(readReceipt(receipt([digested("digest of a"), answer("b", "applied")]), "node", sent)).not.toBeNull();
  expect(readReceipt(receipt([digested("of another"), answer("b", "applied")]), "node", sent)).toBeNull();
});

test.each([
  ["of another node", receipt([answer("a", "applied"), answer("b", "applied")], "other")],
  ["for fewer entries", receipt([answer("a", "applied")])],
  ["for other entries", receipt([answer("b", "applied"), answer("a", "applied")])],
  ["that is no JSON", "<html>"],
  ["that is no object", "null"],
  ["without answers", JSON.stringify({ node: "node" })],
  ["without the node's epoch", JSON.stringify({ node: "node", answers: [] })],
])("a receipt %s is no receipt", (_what, text) => {
  expect(readReceipt(text, "node", sent)).toBeNull();
});
