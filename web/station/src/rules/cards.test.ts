import { expect, test } from "vitest";
import { readCard } from "./cards.ts";

test("a card of a kind that is not known here is left alone", () => {
  expect(readCard({ kind: "vehicle", id: "v", version: 1, body: {} })).toBeNull();
});

test("a card without body says that it is gone", () => {
  expect(readCard({ kind: "tube", id: "F1/T1", version: 3, expires_at: 9, body: null })).toMatchObject({ body: null, version: 3 });
});

test("a person whose declaration has not come is read with what there is", () => {
  const body = { person_code: "P", full_name: "An" };
  const card = readCard({ kind: "person", id: "P", version: 1, expires_at: 9, body });
  expect(card?.body).toMatchObject({ full_name: "An", symptoms: [], plate: null, birth_year: null, last_result: null });
});

test.each([
  ["no object", 5],
  ["without version", { kind: "person", id: "P", expires_at: 9, body: null }],
  ["without an end", { kind: "person", id: "P", version: 1, body: null }],
  [
    "a tube without members",
    { kind: "tube", id: "T", version: 1, expires_at: 9, body: { tube: "T", facility: "F", state: "waiting" } },
  ],
  [
    "a tube in a state not known here",
    { kind: "tube", id: "T", version: 1, expires_at: 9, body: { tube: "T", facility: "F", members: [], state: "lost" } },
  ],
])("%s is not read", (_what, value) => {
  expect(readCard(value)).toBeNull();
});
