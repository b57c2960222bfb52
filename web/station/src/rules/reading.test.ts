import { expect, test } from "vitest";
import { COMMAND_CODES, newCode } from "../../../shared/src/codes.ts";
import { read } from "./reading.ts";

const PERSON = newCode("P", new Uint8Array(16));
const LABEL = newCode("T", new Uint8Array(16));

test("a person's code opens the person, typed in lower case and groups too", () => {
  expect(read(PERSON, "clean")).toEqual({ kind: "person", code: PERSON });
  expect(read(PERSON.toLowerCase().replace(/.{5}/g, "$& "), "clean")).toEqual({ kind: "person", code: PERSON });
});

test("own labels and suppliers' barcodes are tubes", () => {
  expect(read(LABEL, "clean")).toEqual({ kind: "tube", tube: LABEL });
  expect(read(" rt0001 ", "clean")).toEqual({ kind: "tube", tube: "RT0001" });
});

test("a supplier's barcode that looks like a plate is a tube, a written plate is not", () => {
  expect(read("51C67890", "clean")).toMatchObject({ kind: "tube" });
  expect(read("51C-678.90", "clean")).toMatchObject({ kind: "refused", key: "notice.plate" });
});

test("command codes act, those without an act here are named", () => {
  expect(read(COMMAND_CODES.close_tube, "clean")).toEqual({
    kind: "command",
    command: "close_tube",
    act: { kind: "close" },
  });
  expect(read(COMMAND_CODES.negative, "clean")).toMatchObject({ act: { kind: "result", value: "negative" } });
  expect(read(COMMAND_CODES.print, "clean")).toMatchObject({ kind: "refused", key: "notice.command_not_here" });
});

test("a code damaged by an input method is named and never repaired", () => {
  expect(read(PERSON, "damaged")).toMatchObject({ kind: "refused", key: "notice.input_method" });
  expect(read("RT00\u01b01", "clean")).toMatchObject({ kind: "refused" });
});

test("an own code with a wrong character is never taken for a tube", () => {
  const wrong = PERSON.slice(0, -1) + (PERSON.endsWith("K") ? "L" : "K");
  expect(read(wrong, "clean")).toMatchObject({ kind: "refused", key: "notice.code_misread" });
});

test("in a mixed field only a code with a check character is believed", () => {
  expect(read(PERSON, "mixed")).toMatchObject({ kind: "person" });
  expect(read("RT0001", "mixed")).toMatchObject({ kind: "refused", key: "notice.mixed" });
});

test("what is refused is shown shortened", () => {
  const reading = read(`https://example.vn/${"x".repeat(80)}`, "clean");
  expect(reading).toMatchObject({ kind: "refused", key: "notice.link" });
  expect(reading.kind === "refused" && reading.shown.length).toBeLessThan(30);
});
