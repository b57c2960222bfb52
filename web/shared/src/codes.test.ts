import { describe, expect, it } from "vitest";
import contract from "../../../contracts/codes.json";
import {
  ALPHABET,
  checkCharacter,
  CODE_TYPES,
  COMMAND_CODES,
  group,
  isChecked,
  newCode,
  parseCode,
  parseCommand,
  parseRecord,
  type CodeType,
} from "./codes.ts";

function bytes(hex: string): Uint8Array {
  return Uint8Array.from(hex.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
}

function codeType(letter: string): CodeType {
  if (letter in CODE_TYPES) return letter as CodeType;
  throw new Error(`no code begins with ${letter}`);
}

describe("shared vectors", () => {
  it("have the same alphabet and commands", () => {
    expect(contract.alphabet).toBe(ALPHABET);
    expect(contract.commands).toEqual(COMMAND_CODES);
  });

  it.each(contract.check)("check character of $body", ({ body, check }) => {
    expect(checkCharacter(body)).toBe(check);
  });

  it.each(contract.new)("new code $value", ({ type, random_bytes, value, grouped }) => {
    const code = newCode(codeType(type), bytes(random_bytes));
    expect(code).toBe(value);
    expect(group(code)).toBe(grouped);
  });

  it.each(contract.parse)("parse $text", ({ text, code, command, record }) => {
    expect(parseCode(text) ?? null).toEqual(code);
    expect(parseCommand(text) ?? null).toBe(command);
    expect(parseRecord(text) ?? null).toBe(record);
  });
});

describe("own codes", () => {
  const code = newCode("T", bytes("000102030405060708090a0b0c0d0e0f"));

  it("notice every substitution and every swap of neighbours", () => {
    for (let position = 0; position < code.length; position++) {
      for (const symbol of ALPHABET) {
        const changed = code.slice(0, position) + symbol + code.slice(position + 1);
        expect(isChecked(changed)).toBe(changed === code);
      }
      const swapped =
        code.slice(0, position) + code.charAt(position + 1) + code.charAt(position) + code.slice(position + 2);
      expect(isChecked(swapped)).toBe(swapped === code);
    }
  });

  it("refuse too few random bytes and foreign characters", () => {
    expect(() => newCode("P", new Uint8Array(15))).toThrow(RangeError);
    expect(() => checkCharacter("A")).toThrow(RangeError);
  });

  it("are read in any case and grouping", () => {
    expect(parseCode(group(code).toLowerCase())).toEqual({ type: "T", value: code });
  });
});
