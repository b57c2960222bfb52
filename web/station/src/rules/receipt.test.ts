import { expect, test } from "vitest";
import { verdicts } from "./receipt.ts";

const sent = [{ id: "a" }, { id: "b" }];
const receipt = (answers: unknown[], node = "node"): string =>
  JSON.stringify({ node, received_at: 1, answers, gaps: {} });
const answer = (id: string | null, what: string, problem: string | null = null): unknown => ({
  id,
  answer: what,
  problem,
});

test("applied and duplicate settle, held is held, rejected is kept with its reason", () => {
  const all = [{ id: "a" }, { id: "b" }, { id: "c" }, { id: "d" }];
  const text = receipt([
    answer("a", "applied"),
    answer("b", "duplicate"),
    answer("c", "held", "actor_not_allowed"),
    answer("d", "rejected", "id_reused"),
  ]);
  expect(verdicts(text, "node", all)).toEqual([
    { id: "a", state: "settled", problem: null },
    { id: "b", state: "settled", problem: null },
    { id: "c", state: "held", problem: "actor_not_allowed" },
    { id: "d", state: "rejected", problem: "id_reused" },
  ]);
});

test("an unreadable entry is answered by its place in the batch", () => {
  const text = receipt([answer(null, "rejected", "entry_unreadable"), answer("b", "applied")]);
  expect(verdicts(text, "node", sent)?.[0]).toEqual({ id: "a", state: "rejected", problem: "entry_unreadable" });
});

test("an answer this version does not know settles nothing", () => {
  expect(verdicts(receipt([answer("a", "stored"), answer("b", "applied")]), "node", sent)).toEqual([
    { id: "b", state: "settled", problem: null },
  ]);
});

test.each([
  ["of another node", receipt([answer("a", "applied"), answer("b", "applied")], "other")],
  ["for fewer entries", receipt([answer("a", "applied")])],
  ["for other entries", receipt([answer("b", "applied"), answer("a", "applied")])],
  ["that is no JSON", "<html>"],
  ["that is no object", "null"],
  ["without answers", JSON.stringify({ node: "node" })],
])("a receipt %s is no receipt", (_what, text) => {
  expect(verdicts(text, "node", sent)).toBeNull();
});
