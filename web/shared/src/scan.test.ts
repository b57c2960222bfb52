import { describe, expect, it } from "vitest";
import contract from "../../../contracts/scan.json";
import { COMMAND_CODES } from "./codes.ts";
import { recognise } from "./scan.ts";

describe("shared vectors", () => {
  it.each(contract.cases)("$kind: $text", ({ text, today, kind, fields, warnings }) => {
    expect(recognise(text, today)).toEqual({ kind, fields, warnings });
  });
});

describe("recognise", () => {
  it("knows every command, in any case", () => {
    for (const [command, code] of Object.entries(COMMAND_CODES)) {
      expect(recognise(code.toLowerCase())).toEqual({ kind: "command", fields: { command }, warnings: [] });
    }
  });

  it("says something of every text", () => {
    for (const text of ["\ud800", "A1\ud800B2", "]", "]C0", "|".repeat(1_000), "\u0323".repeat(1_000), "=".repeat(100_000)]) {
      expect(recognise(text).kind).toBe("unknown");
    }
  });
});
