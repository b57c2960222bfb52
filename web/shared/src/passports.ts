/** Machine-readable lines of passports and cards (ICAO 9303): twin of `src/chotxanh/domain/passports.py`. */
import { crossCheck, put, putBirth, putDay, putName, start, type Card } from "./cards.ts";
import { birthYearOf, idType } from "./identity.ts";

const LONGEST = 120;
const FEWEST_CHARACTERS = 88;
const LINE_ENDS = /[ \t\r\n\u00a0]+/g;
const BEGINNING = /^[PACI][A-Z<][A-Z]{3}[A-Z0-9<]*<[A-Z0-9<]*$/;
const WITHOUT_END: ReadonlySet<string> = new Set(["99", "<<"]);
const PERSONAL_NUMBER = /^[0-9]{12}$/;
const WEIGHTS = [7, 3, 1] as const;
const PAPER = "(?<number>[A-Z0-9<]{9})(?<numberCheck>[0-9<])";
const BIRTH = "(?<birth>[0-9<]{6})(?<birthCheck>[0-9<])";
const EXPIRY = "(?<sex>[MFX<])(?<expiry>[0-9<]{6})(?<expiryCheck>[0-9<])";
const NATIONALITY = "(?<nationality>[A-Z<]{3})";

interface Layout {
  readonly pattern: RegExp;
  /** The places its last check digit is over. */
  readonly checked: readonly (readonly [number, number])[];
  /** Whether a longer number goes on in the optional field. */
  readonly goesOn: boolean;
}

const LAYOUTS: readonly Layout[] = [
  {
    pattern: new RegExp(
      `^P[A-Z<][A-Z<]{3}(?<name>[A-Z<]{39})${PAPER}${NATIONALITY}${BIRTH}${EXPIRY}` +
        "(?<optional>[A-Z0-9<]{14})[0-9<](?<check>[0-9])$",
    ),
    checked: [[44, 54], [57, 64], [65, 87]],
    goesOn: false,
  },
  {
    pattern: new RegExp(
      `^[ACI][A-Z<][A-Z<]{3}${PAPER}(?<optional>[A-Z0-9<]{15})${BIRTH}${EXPIRY}${NATIONALITY}` +
        "[A-Z0-9<]{11}(?<check>[0-9])(?<name>[A-Z<]{30})$",
    ),
    checked: [[5, 30], [30, 37], [38, 45], [48, 59]],
    goesOn: true,
  },
];

/** The passport or card whose lines `text` holds, undefined when it holds none; `today` bounds the century of a birth. */
export function readMachineLines(text: string, today?: string): Card | undefined {
  if (text.length > LONGEST || !text.includes("<")) return undefined;
  const lines = text.replace(LINE_ENDS, "");
  for (const { pattern, checked, goesOn } of LAYOUTS) {
    const found = pattern.exec(lines)?.groups;
    if (found === undefined) continue;
    const field = (name: string): string => found[name] ?? "";
    const number = numberOf(field, goesOn);
    const card = cardOf(field, number.value, today);
    const composite = checked.map(([begin, end]) => lines.slice(begin, end)).join("");
    const isChecked = number.isChecked && areDatesChecked(field) && checkDigit(composite) === field("check");
    if (!isChecked) card.warnings.push("check_digit_wrong");
    return crossCheck(card);
  }
  return undefined;
}

/** Whether `text` begins as such lines do and ends too early. */
export function isPartOfLines(text: string): boolean {
  const lines = start(text, LONGEST).replace(LINE_ENDS, "");
  return lines.length < FEWEST_CHARACTERS && BEGINNING.test(lines);
}

/** Weights 7, 3, 1; letters count from 10, the filler nothing (ICAO 9303-3, 4.9). */
function checkDigit(text: string): string {
  const values = Array.from(text, (character) => (character === "<" ? 0 : Number.parseInt(character, 36)));
  const sum = values.reduce((total, value, place) => total + value * WEIGHTS[(place % 3) as 0 | 1 | 2], 0);
  return String(sum % 10);
}

type Field = (name: string) => string;

interface PaperNumber {
  readonly value: string;
  readonly isChecked: boolean;
}

/** On a card a filler for the number's check digit says that it goes on beside (ICAO 9303-5, 4.2.2). */
function numberOf(field: Field, mayGoOn: boolean): PaperNumber {
  const begun = field("number");
  const check = field("numberCheck");
  if (check !== "<") return { value: withoutFillers(begun), isChecked: checkDigit(begun) === check };
  const rest = field("optional").split("<")[0] ?? "";
  if (!mayGoOn || rest.length < 2 || begun.includes("<")) return { value: withoutFillers(begun), isChecked: true };
  const value = begun + rest.slice(0, -1);
  return { value, isChecked: checkDigit(value) === rest.slice(-1) };
}

function areDatesChecked(field: Field): boolean {
  const isDateChecked = (name: string): boolean =>
    checkDigit(field(name)) === field(`${name}Check`).replace("<", "0");
  return isDateChecked("birth") && isDateChecked("expiry");
}

function withoutFillers(text: string): string {
  return text.replace(/<+$/, "");
}

/** Vietnamese papers hold the personal number beside their own; other countries' numbers are not of its kind. */
function cardOf(field: Field, ownNumber: string, today: string | undefined): Card {
  const isVietnamese = field("nationality") === "VNM";
  const beside = isVietnamese ? field("optional").slice(0, 12) : "";
  const number = PERSONAL_NUMBER.test(beside) ? beside : ownNumber;
  const id_type = isVietnamese ? idType(number) : "passport";
  const card: Card = { kind: "identity_card", fields: { id_number: number, id_type }, warnings: [] };
  putName(card, field("name").replaceAll("<", " "));
  putBirthOfTwoDigits(card, field, birthYearOf(beside), today);
  if (field("sex") === "M") card.fields.sex = "male";
  if (field("sex") === "F") card.fields.sex = "female";
  put(card, "nationality", withoutFillers(field("nationality")));
  putDay(card, "expires_on", `20${dashed(field("expiry"))}`);
  return card;
}

/**
 * A personal number says the century; else the latest before today and the paper's end, and said where another fits too.
 * Fillers or zeros stand for a month or a day that is not known; a paper without end is one of the old.
 */
function putBirthOfTwoDigits(card: Card, field: Field, said: number | undefined, today: string | undefined): void {
  const birth = field("birth").replaceAll("<", "0");
  const year = field("birth").slice(0, 2);
  if (year.includes("<")) {
    card.warnings.push("birth_date_unreadable");
    return;
  }
  const monthAndDay = dashed(birth).slice(2);
  if (said !== undefined && said % 100 === Number(year)) {
    putBirth(card, String(said) + monthAndDay);
    return;
  }
  const isRecent = isOfThisCentury(`20${dashed(birth)}`, field("expiry").slice(0, 2), today);
  putBirth(card, (isRecent ? "20" : "19") + year + monthAndDay);
  if (isRecent) card.warnings.push("birth_century_assumed");
}

function isOfThisCentury(birth: string, expiryYear: string, today: string | undefined): boolean {
  const isFuture = today !== undefined && birth > today;
  return !WITHOUT_END.has(expiryYear) && birth.slice(2, 4) <= expiryYear && !isFuture;
}

function dashed(text: string): string {
  return `${text.slice(0, 2)}-${text.slice(2, 4)}-${text.slice(4)}`;
}
