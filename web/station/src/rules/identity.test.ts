/** How the officer knew who somebody in the tube is: by a paper that was scanned, by one tap, or not at all. */
import { expect, test } from "vitest";
import { TESTS } from "../testing/node.ts";
import { UNTOLD } from "../testing/told.ts";
import { type Act, type Desk, EMPTY_DESK, move, type Move, type World } from "./desk.ts";
import { choices } from "./testing.ts";
import { EVERY_WORK } from "./works.ts";

const PERSONS: World["persons"] = new Map([
  ["PA", { ...UNTOLD, registration: "R-PA", category: "goods_driver", full_name: "Nguyễn Văn Đường", birth_year: 1985 }],
  ["PB", { ...UNTOLD, registration: "R-PB", category: "other", full_name: "Lê Thị Gấm", birth_year: 1994 }],
  ["PC", { ...UNTOLD, registration: "R-PC", category: "other", full_name: "Nguyễn Văn Đường", birth_year: 1985 }],
]);
const CHOICES = choices(TESTS);
const WORLD: World = {
  place: { facility: "F1", site: "truck", post: "p1" },
  tubes: new Map(),
  persons: PERSONS,
  testing: CHOICES[0] ?? null,
  choices: CHOICES,
  now: 1_000,
  works: EVERY_WORK,
  isRevoked: false,
};

function acted(acts: Act[], from: Desk = EMPTY_DESK): Move {
  let last: Move = { desk: from, record: null, notice: null };
  for (const act of acts) last = move(last.desk, act, WORLD);
  return last;
}

const scan = (name: string): Act => ({ kind: "tube", tube: name });
const person = (code: string): Act => ({ kind: "person", code });
const paper = (name: string, birthYear: number, kind: "card" | "document" = "card"): Act => {
  return { kind: "identity", paper: { kind, name, birthYear, idEnding: "" } };
};
const seenOf = ({ record }: Move): unknown[] => {
  return record?.kind === "specimen.collected" ? record.facts.members.map((member) => member.identity_seen) : [];
};

test("an identity paper of somebody in the tube says how the officer knew them", () => {
  const close: Act = { kind: "close" };
  const made = acted([scan("T1"), person("PA"), person("PB"), paper("NGUYEN VAN DUONG", 1985, "document"), close]);
  expect(seenOf(made)).toEqual(["document", "no"]);
  const card = acted([scan("T1"), person("PA"), paper("Nguyễn Văn Đường", 1985)]);
  expect(card.notice).toMatchObject({ tone: "accepted", key: "notice.identity_seen" });
});

test("two of one name and year are told apart by the order of their papers", () => {
  const twice = [paper("Nguyễn Văn Đường", 1985), paper("Nguyễn Văn Đường", 1985)];
  const one = acted([scan("T1"), person("PA"), person("PC"), paper("Nguyễn Văn Đường", 1985), { kind: "close" }]);
  expect(seenOf(one)).toEqual(["no", "card"]);
  expect(seenOf(acted([scan("T1"), person("PA"), person("PC"), ...twice, { kind: "close" }]))).toEqual(["card", "card"]);
});

test.each([
  ["another name", "Lê Văn Đường", 1985],
  ["another year", "Nguyễn Văn Đường", 1986],
])("a paper with %s is compared by eye and changes nothing", (_, name, year) => {
  const made = acted([scan("T1"), person("PA"), paper(name, year)]);
  expect(made.notice).toEqual({ tone: "attention", key: "notice.identity_of_nobody", params: {} });
  expect(seenOf(acted([{ kind: "close" }], made.desk))).toEqual(["no"]);
});

test("a paper without an open tube asks for the code of the declaration", () => {
  expect(acted([paper("Nguyễn Văn Đường", 1985)]).notice?.key).toBe("notice.paper_of_nobody");
  expect(acted([scan("T1"), paper("Nguyễn Văn Đường", 1985)]).notice?.key).toBe("notice.paper_of_nobody");
});

test("one tap says that the paper of the last one was seen, and a scanned paper says more", () => {
  const tap: Act = { kind: "identity", paper: null };
  const made = acted([scan("T1"), person("PA"), tap, person("PB"), { kind: "close" }]);
  expect(seenOf(made)).toEqual(["known", "no"]);
  const more = acted([scan("T1"), person("PA"), tap, paper("Nguyễn Văn Đường", 1985), tap, { kind: "close" }]);
  expect(seenOf(more)).toEqual(["card"]);
});

test("a tap without anybody in the tube says nothing about anybody", () => {
  expect(acted([scan("T1"), { kind: "identity", paper: null }]).notice?.tone).toBe("attention");
});

test("who is taken out of the tube and scanned again has shown nothing yet", () => {
  const acts: Act[] = [scan("T1"), person("PA"), { kind: "identity", paper: null }, { kind: "undo" }, person("PA"), { kind: "close" }];
  expect(seenOf(acted(acts))).toEqual(["no"]);
});
