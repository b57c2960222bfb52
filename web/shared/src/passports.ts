/** Machine-readable lines of passports and cards (ICAO 9303): twin of `src/chotxanh/domain/passports.py`. */
import { crossCheck, put, putBirth, putDay, putName, type Card } from "./cards.ts";
import { idType } from "./identity.ts";

const LONGEST = 120;
const WEIGHTS = [7, 3, 1] as const;
const PAPER = "(?<number>[A-Z0-9<]{9})(?<numberCheck>[0-9<])";
const BIRTH = "(?<birth>[0-9]{2}[0-9<]{4})(?<birthCheck>[0-9])";
const EXPIRY = "(?<sex>[MFX<])(?<expiry>[0-9]{6})(?<expiryCheck>[0-9])";
const NATIONALITY = "(?<nationality>[A-Z<]{3})";

interface Layout {
  readonly pattern: RegExp;
  /** The places its last check digit is over. */
  readonly checked: readonly (readonly [number, number])[];
}

const LAYOUTS: readonly Layout[] = [
  {
    pattern: new RegExp(
      `^P[A-Z<][A-Z<]{3}(?<name>[A-Z<]{39})${PAPER}${NATIONALITY}${BIRTH}${EXPIRY}` +
        "(?<optional>[A-Z0-9<]{14})[0-9<](?<check>[0-9])$",
    ),
    checked: [[44, 54], [57, 64], [65, 87]],
  },
  {
    pattern: new RegExp(
      `^[ACI][A-Z<][A-Z<]{3}${PAPER}(?<optional>[A-Z0-9<]{15})${BIRTH}${EXPIRY}${NATIONALITY}` +
        "[A-Z0-9<]{11}(?<check>[0-9])(?<name>[A-Z<]{30})$",
    ),
    checked: [[5, 30], [30, 37], [38, 45], [48, 59]],
  },
];

/** The passport or card whose lines `text` holds, undefined when it holds none. */
export function readMachineLines(text: string): Card | undefined {
  if (text.length > LONGEST || !text.includes("<")) return undefined;
  const lines = text.replace(/[ \t\r\n\u00a0]+/g, "");
  for (const { pattern, checked } of LAYOUTS) {
    const found = pattern.exec(lines)?.groups;
    if (found === undefined) continue;
    const card = cardOf((name) => found[name] ?? "");
    const composite = checked.map(([begin, end]) => lines.slice(begin, end)).join("");
    if (!areFieldsChecked((name) => found[name] ?? "") || checkDigit(composite) !== found.check) {
      card.warnings.push("check_digit_wrong");
    }
    return crossCheck(card);
  }
  return undefined;
}

/** Weights 7, 3, 1; letters count from 10, the filler nothing (ICAO 9303-3, 4.9). */
function checkDigit(text: string): string {
  const values = Array.from(text, (character) => (character === "<" ? 0 : Number.parseInt(character, 36)));
  const sum = values.reduce((total, value, place) => total + value * WEIGHTS[(place % 3) as 0 | 1 | 2], 0);
  return String(sum % 10);
}

type Field = (name: string) => string;

function areFieldsChecked(field: Field): boolean {
  const isNumberChecked = checkDigit(field("number")) === field("numberCheck") || field("numberCheck") === "<";
  return (
    isNumberChecked &&
    checkDigit(field("birth")) === field("birthCheck") &&
    checkDigit(field("expiry")) === field("expiryCheck")
  );
}

/** Vietnamese papers hold the personal number beside their own; other countries' numbers are not of its kind. */
function cardOf(field: Field): Card {
  const beside = field("nationality") === "VNM" ? field("optional").slice(0, 12) : "";
  const number = /^[0-9]{12}$/.test(beside) ? beside : field("number").replace(/<+$/, "");
  const card: Card = { kind: "identity_card", fields: { id_number: number, id_type: idType(number) }, warnings: [] };
  putName(card, field("name").replaceAll("<", " "));
  putBirthOfTwoDigits(card, field("birth"), field("expiry"));
  if (field("sex") === "M") card.fields.sex = "male";
  if (field("sex") === "F") card.fields.sex = "female";
  put(card, "nationality", field("nationality").replace(/<+$/, ""));
  putDay(card, "expires_on", `20${dashed(field("expiry"))}`);
  return card;
}

/** The nearest century before the paper ends, and said where a centenarian would fit. */
function putBirthOfTwoDigits(card: Card, birth: string, expiry: string): void {
  const isOfThisCentury = birth.slice(0, 2) <= expiry.slice(0, 2);
  const century = isOfThisCentury ? "20" : "19";
  putBirth(card, century + (birth.includes("<") ? birth.slice(0, 2) : dashed(birth)));
  if (isOfThisCentury) card.warnings.push("birth_century_assumed");
}

function dashed(text: string): string {
  return `${text.slice(0, 2)}-${text.slice(2, 4)}-${text.slice(4)}`;
}
