/** Identity cards, national personal QR and insurance cards: twin of `src/chotxanh/domain/cards.py`. */
import { crossChecks, idType, type Sex } from "./identity.ts";
import { showsInputMethod } from "./keyboard.ts";
import { fold, normaliseName } from "./names.ts";

const CARD_FIELDS = 7;
const FEWEST_CARD_FIELDS = 5;
const NATIONAL_QR_FIELDS = 6;
const MOST_FIELDS = 41;
const LONGEST_FIELD = 300;

const DATE_LIKE =
  /^(?:[0-9]{2}[/.-]?[0-9]{2}[/.-]?[0-9]{4}|[0-9]{4}(?:-(?:[0-9]{2}-[0-9]{2}|\*\*-\*\*))?)$/;
const DAY_FIRST = /^([0-9]{2})[/.-]?([0-9]{2})[/.-]?([0-9]{4})$/;
const YEAR_FIRST = /^([0-9]{4})-([0-9]{2})-([0-9]{2})$/;
const YEAR = /^(?:19|20)[0-9]{2}$/;
const OLD_NUMBER = /^(?:[0-9]{9}|[0-9]{12})?$/;
const LOST_LETTER = /[0-9?\u0080-\u00b6\u00b8-\u00bf\ufffd]/; // symbols come of UTF-8 read as Latin-1
const INSURANCE_NUMBER = /^(?:[A-Z]{2}[0-9]{13}|[0-9]{10})$/;
const ASCII = /^[\u0000-\u007f]*$/; // eslint-disable-line no-control-regex -- the range is ASCII itself
const SEX_OF_DIGIT: ReadonlyMap<string, Sex> = new Map([["1", "male"], ["2", "female"]]);
const SEX_OF_WORD: ReadonlyMap<string, Sex> = new Map([["nam", "male"], ["nu", "female"]]);

export interface CardFields {
  id_number?: string;
  id_type?: "cccd" | "cmnd" | "passport";
  old_id_number?: string;
  full_name?: string;
  birth_date?: string;
  birth_year?: number;
  sex?: Sex;
  address?: string;
  issued_on?: string;
  declared_by_proxy?: boolean;
  qid?: string;
  proxy_qid?: string;
  insurance_number?: string;
  phone?: string;
  valid_from?: string;
  valid_to?: string;
  nationality?: string;
  expires_on?: string;
}

type TextField =
  | "old_id_number"
  | "full_name"
  | "address"
  | "qid"
  | "proxy_qid"
  | "insurance_number"
  | "nationality";
type DayField = "issued_on" | "valid_from" | "valid_to" | "expires_on";
export type CardKind = "identity_card" | "national_qr" | "insurance_card";

export interface Card {
  readonly kind: CardKind;
  readonly fields: CardFields;
  readonly warnings: string[];
}

function at(parts: readonly string[], place: number): string {
  return parts[place] ?? "";
}

function stripped(text: string): string {
  return text.replace(/^[ \t\r\n\u00a0]+|[ \t\r\n\u00a0]+$/g, "");
}

function start(text: string, length: number): string {
  return text.length > length ? Array.from(text).slice(0, length).join("") : text;
}

/** Keep a text that is not empty. */
export function put(card: Card, name: TextField, text: string): void {
  const value = stripped(text);
  if (value !== "") card.fields[name] = start(value, LONGEST_FIELD);
}

/** `YYYY-MM-DD` of a day that exists, undefined for any other text. */
function isoDay(text: string): string | undefined {
  const dayFirst = DAY_FIRST.exec(text);
  const [, year = "", month = "", day = ""] = dayFirst
    ? [dayFirst[0], dayFirst[3], dayFirst[2], dayFirst[1]]
    : (YEAR_FIRST.exec(text) ?? []);
  if (!YEAR.test(year)) return undefined;
  const iso = `${year}-${month}-${day}`;
  const moment = new Date(`${iso}T00:00:00Z`);
  return !Number.isNaN(moment.getTime()) && moment.toISOString().startsWith(iso) ? iso : undefined;
}

/** Keep a whole date or a year alone; a date that cannot be gives neither. */
export function putBirth(card: Card, text: string): void {
  const year = text.replace(/-\*\*-\*\*$/, "");
  if (YEAR.test(year)) {
    card.fields.birth_year = Number(year);
    return;
  }
  const day = isoDay(text);
  if (day === undefined) {
    card.warnings.push("birth_date_unreadable");
    return;
  }
  card.fields.birth_date = day;
  card.fields.birth_year = Number(day.slice(0, 4));
  if (day.endsWith("-01-01")) card.warnings.push("birth_day_uncertain");
}

/** Keep another date; one that is there and cannot be is reported. */
export function putDay(card: Card, name: DayField, text: string): void {
  const day = isoDay(text);
  if (day !== undefined) card.fields[name] = day;
  else if (/[0-9]/.test(text)) card.warnings.push(`${name}_unreadable`);
}

/** Keep the name; question marks and stray symbols show letters that were lost on the way. */
export function putName(card: Card, text: string): void {
  const name = normaliseName(text);
  put(card, "full_name", name);
  if (name === "" || LOST_LETTER.test(name)) card.warnings.push("name_unreadable");
}

function sexOfWord(text: string): Sex | undefined {
  return SEX_OF_WORD.get(fold(start(text, 10)));
}

/** The seven fields of an identity card; an old variant lacks the second. Undefined when it is no such card. */
function cardFields(parts: readonly string[]): readonly string[] | undefined {
  if (parts.length < FEWEST_CARD_FIELDS || !/^[0-9]{12}$/.test(at(parts, 0))) return undefined;
  if (OLD_NUMBER.test(at(parts, 1))) return DATE_LIKE.test(at(parts, 3)) ? parts : undefined;
  const isShifted = DATE_LIKE.test(at(parts, 2)) && sexOfWord(at(parts, 3)) !== undefined;
  return isShifted ? [at(parts, 0), "", ...parts.slice(1)] : undefined;
}

/** Chip card of 2021 and card of 2024, whose further fields are discarded unread. */
function identityCard(scanned: readonly string[]): Card | undefined {
  const parts = cardFields(scanned);
  if (parts === undefined) return undefined;
  const card: Card = { kind: "identity_card", fields: { id_number: at(parts, 0), id_type: "cccd" }, warnings: [] };
  put(card, "old_id_number", at(parts, 1));
  putName(card, at(parts, 2));
  putBirth(card, at(parts, 3));
  const sex = sexOfWord(at(parts, 4));
  if (sex !== undefined) card.fields.sex = sex;
  else card.warnings.push("sex_unreadable");
  put(card, "address", normaliseName(at(parts, 5)));
  if (parts.length < CARD_FIELDS) card.warnings.push("scan_cut_off");
  else putDay(card, "issued_on", at(parts, 6));
  if (ASCII.test(at(parts, 2) + (card.fields.address ?? ""))) card.warnings.push("accents_missing");
  return card;
}

/** Decision 1405/QĐ-BTTTT, version 1.1. */
function nationalQr(parts: readonly string[]): Card | undefined {
  if (parts.length < NATIONAL_QR_FIELDS - 1 || parts.length > NATIONAL_QR_FIELDS) return undefined;
  if (!/^[01]$/.test(at(parts, 3)) || at(parts, 1) === "" || !DATE_LIKE.test(at(parts, 2))) return undefined;
  const card: Card = { kind: "national_qr", fields: {}, warnings: [] };
  if (at(parts, 0).includes("*")) {
    card.warnings.push("id_number_masked");
  } else if (at(parts, 0) !== "") {
    card.fields.id_number = start(at(parts, 0), LONGEST_FIELD);
    card.fields.id_type = idType(at(parts, 0));
  }
  putName(card, at(parts, 1));
  if (showsInputMethod(at(parts, 1))) card.warnings.push("input_method_suspected");
  putBirth(card, at(parts, 2));
  card.fields.declared_by_proxy = at(parts, 3) === "1";
  put(card, "qid", at(parts, 4));
  putExtension(card, at(parts, 5).split("<"));
  return card;
}

/** Proxy's QID, sex (QCVN 109:2017), insurance number, phone, each by its place and each optional. */
function putExtension(card: Card, parts: readonly string[]): void {
  put(card, "proxy_qid", at(parts, 0));
  const sex = SEX_OF_DIGIT.get(at(parts, 1));
  if (sex !== undefined) card.fields.sex = sex;
  if (/[^0]/.test(at(parts, 2))) put(card, "insurance_number", at(parts, 2));
  if (/^\+?[0-9]{9,15}$/.test(at(parts, 3))) card.fields.phone = at(parts, 3);
}

/** Health insurance card: texts are hexadecimal UTF-8; the card's number may come first. */
function insuranceCard(scanned: readonly string[]): Card | undefined {
  const first = at(scanned, 0).toUpperCase();
  return INSURANCE_NUMBER.test(first) ? insuredPerson(first, scanned.slice(1)) : insuredPerson("", scanned);
}

function insuredPerson(number: string, parts: readonly string[]): Card | undefined {
  const sex = SEX_OF_DIGIT.get(at(parts, 2));
  if (parts.length < 4 || sex === undefined || !DATE_LIKE.test(at(parts, 1))) return undefined;
  const name = textOfHex(at(parts, 0));
  if (name === "" && number === "") return undefined;
  const card: Card = { kind: "insurance_card", fields: {}, warnings: [] };
  put(card, "insurance_number", number);
  putName(card, name);
  if (showsInputMethod(at(parts, 0) + at(parts, 3))) card.warnings.push("input_method_suspected");
  putBirth(card, at(parts, 1));
  card.fields.sex = sex;
  put(card, "address", normaliseName(textOfHex(at(parts, 3))));
  putDay(card, "valid_from", at(parts, 5));
  putDay(card, "valid_to", at(parts, 6));
  return card;
}

/** The text behind the hexadecimal digits, empty when there is none. */
function textOfHex(text: string): string {
  if (text.length > 4 * LONGEST_FIELD || !/^(?:[0-9A-Fa-f]{2})+$/.test(text)) return "";
  const bytes = Uint8Array.from(text.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return "";
  }
}

/** The card whose QR holds `text`, undefined when it is none of the three. */
export function readCard(text: string): Card | undefined {
  const parts = text.split("|", MOST_FIELDS).map(stripped);
  const card = identityCard(parts) ?? insuranceCard(parts) ?? nationalQr(parts);
  return card && crossCheck(card);
}

/** `card` with its warnings where a 12-digit number disagrees with sex or year of birth. */
export function crossCheck(card: Card): Card {
  const { id_number, sex, birth_year } = card.fields;
  if (id_number !== undefined) card.warnings.push(...crossChecks(id_number, sex, birth_year));
  return card;
}
