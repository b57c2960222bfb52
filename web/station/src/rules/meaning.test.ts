import { expect, test } from "vitest";
import { COMMAND_CODES, newCode } from "../../../shared/src/codes.ts";
import contract from "../../../../contracts/scan.json";
import { meaningOf } from "./meaning.ts";

const PERSON = newCode("P", new Uint8Array(16));
const LABEL = newCode("T", new Uint8Array(16));

test("a person's code opens the person, typed in lower case and groups too", () => {
  expect(meaningOf(PERSON, "clean")).toEqual({ kind: "person", code: PERSON });
  expect(meaningOf(PERSON.toLowerCase().replace(/.{5}/g, "$& "), "clean")).toEqual({ kind: "person", code: PERSON });
});

test("own labels and suppliers' barcodes are tubes", () => {
  expect(meaningOf(LABEL, "clean")).toEqual({ kind: "tube", tube: LABEL, likeness: null });
  expect(meaningOf(" rt0001 ", "clean")).toEqual({ kind: "tube", tube: "RT0001", likeness: null });
});

test("a supplier's barcode that looks like a plate is a tube, a written plate is not", () => {
  expect(meaningOf("51C67890", "clean")).toMatchObject({ kind: "tube", likeness: "notice.like_plate" });
  expect(meaningOf("51C-678.90", "clean")).toEqual({ kind: "plate", plate: "51C67890", shown: "51C-678.90" });
});

test("command codes act, those without an act here are named", () => {
  expect(meaningOf(COMMAND_CODES.close_tube, "clean")).toEqual({
    kind: "command",
    command: "close_tube",
    act: { kind: "close" },
  });
  expect(meaningOf(COMMAND_CODES.negative, "clean")).toMatchObject({ act: { kind: "result", value: "negative" } });
  expect(meaningOf(COMMAND_CODES.print, "clean")).toMatchObject({ kind: "refused", key: "notice.command_not_here" });
});

test("a code damaged by an input method is named and never repaired", () => {
  expect(meaningOf(PERSON, "damaged")).toMatchObject({ kind: "refused", key: "notice.input_method" });
  expect(meaningOf("RT00\u01b01", "clean")).toMatchObject({ kind: "refused" });
});

test("an own code with a wrong character is never taken for a tube", () => {
  const wrong = PERSON.slice(0, -1) + (PERSON.endsWith("K") ? "L" : "K");
  expect(meaningOf(wrong, "clean")).toMatchObject({ kind: "refused", key: "notice.code_misread" });
});

test("in a mixed field only a code with a check character is believed", () => {
  expect(meaningOf(PERSON, "mixed")).toMatchObject({ kind: "person" });
  expect(meaningOf("RT0001", "mixed")).toMatchObject({ kind: "refused", key: "notice.mixed" });
});

test("what is refused is shown shortened", () => {
  const meaning = meaningOf(`https://example.vn/${"x".repeat(80)}`, "clean");
  expect(meaning).toMatchObject({ kind: "refused", key: "notice.link" });
  expect(meaning.kind === "refused" && meaning.shown.length).toBeLessThan(30);
});

test.each([
  ["077090000123", "notice.like_id_number"],
  ["273123456", "notice.like_id_number"],
  ["0912345678", "notice.like_phone"],
  ["tel:0912345678", "notice.like_phone"],
  ["DN4797915071234", "notice.like_insurance"],
  ["B1234567", "notice.like_passport"],
  ["8934563138165", "notice.like_product"],
  ["05/07/2021", "notice.like_date"],
  ["05072021", "notice.like_date"],
  ["shc:/567629", "notice.like_link"],
  ["RT0001RT0002", "notice.like_two_scans"],
  [`RT0001${PERSON}`, "notice.like_two_scans"],
  [PERSON + PERSON, "notice.like_two_scans"],
])("e1: %s says what it looks like at the field for a tube", (text, likeness) => {
  expect(meaningOf(text, "clean")).toMatchObject({ kind: "tube", likeness });
});

test("e3: a letter that no label has is never taken for the two it becomes in capitals", () => {
  expect(meaningOf("XN\u00df0001234", "clean")).toMatchObject({ kind: "refused" });
});

test("e3: a group separator keeps two tubes apart", () => {
  expect(meaningOf("0012\u001d21AB", "clean")).toMatchObject({ kind: "tube", tube: "0012\u001d21AB" });
});

test.each(contract.tubes)("$text is a tube here as it is in Python, or none", ({ text, tube, warnings }) => {
  const meaning = meaningOf(text, "clean");
  expect(meaning.kind === "tube" ? meaning.tube : null).toBe(tube);
  expect(meaning.kind === "tube" && meaning.likeness !== null).toBe(warnings.length > 0);
});

test("an identity card says whose it is, a passport that it is one, and one without a name is only told", () => {
  const card = meaningOf("077085000123||Nguyễn Văn Đường|05031985|Nam|Phú Mỹ|01012021", "clean");
  expect(card).toEqual({ kind: "identity", paper: { kind: "card", name: "Nguyễn Văn Đường", birthYear: 1985, idEnding: "0123" } });
  expect(meaningOf("077085000123|||05031985|Nam|Phú Mỹ|01012021", "clean")).toMatchObject({ kind: "refused" });
});
