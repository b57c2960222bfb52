/** Identity cards, national personal QR and insurance cards: twin of `src/chotxanh/domain/cards.py`. */
import { crossChecks, idType, type Sex } from "./identity.ts";
import { showsInputMethod } from "./keyboard.ts";
import { isDamaged } from "./nameDamage.ts";
import { fold, normaliseName } from "./names.ts";

const CARD_FIELDS = 7;
const FEWEST_CARD_FIELDS = 5;
const NATIONAL_QR_FIELDS = 6;
const MOST_FIELDS = 41;
/** Without the number; newer cards have more, and a dollar sign at the end. */
const INSURANCE_FIELDS = 7;
const LONGEST_FIELD = 300;

const DATE_LIKE =
  /^(?:[0-9]{2}[/.-]?[0-9]{2}[/.-]?[0-9]{4}|[0-9]{4}(?:-(?:[0-9]{2}-[0-9]{2}|\*\*-\*\*))?)$/;
const DAY_FIRST = /^([0-9]{2})[/.-]?([0-9]{2})[/.-]?([0-9]{4})$/;
const YEAR_FIRST = /^([0-9]{4})-([0-9]{2})-([0-9]{2})$/;
const YEAR = /^(?:19|20)[0-9]{2}$/;
const OLD_NUMBER = /^(?:[0-9]{9}|[0-9]{12})?$/;
/** Papers write zeros where day and month are not known, or one of them. */
const YEAR_KNOWN =
  /^(?:(?:00[/.-]?[0-9]{2}[/.-]?|[0-9]{2}[/.-]?00[/.-]?)((?:19|20)[0-9]{2})|((?:19|20)[0-9]{2})-(?:00-[0-9]{2}|[0-9]{2}-00))$/;
const NOTHING_KNOWN = /^00[/.-]?00|-00-00$/;
/** The letters of Vietnamese, decomposed, and what else names and addresses have; a question mark is a lost letter. */
const LETTERS = "\\u0300\\u0301\\u0302\\u0303\\u0306\\u0309\\u031b\\u0323A-Za-zđĐðÐ";
const NAME_SIGNS = new RegExp(`^[${LETTERS} .'\\u2019\\-]*$`);
const ADDRESS_SIGNS = new RegExp(`^[${LETTERS} -<>@\\[-\`{-~\\u2013\\u2019=]*$`);
const CARD_BEGINNING = /^(?:[0-9*]{12}|[A-Z]{2}[0-9]{13})$/;
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

export function start(text: string, length: number): string {
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

/** Keep a whole date or a year alone, zeros for what is not known; a date that cannot be gives neither. */
export function putBirth(card: Card, text: string): void {
  const year = text.replace(/-\*\*-\*\*$/, "");
  if (YEAR.test(year)) {
    card.fields.birth_year = Number(year);
    return;
  }
  const known = YEAR_KNOWN.exec(text);
  if (known !== null) {
    card.fields.birth_year = Number(known[1] ?? known[2]);
    if (!NOTHING_KNOWN.test(text)) card.warnings.push("birth_day_uncertain");
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

/** Keep the name; other letters than Vietnamese ones and stray symbols show what happened on the way. */
export function putName(card: Card, text: string): void {
  const name = normaliseName(text);
  put(card, "full_name", name);
  if (name === "" || !NAME_SIGNS.test(name.normalize("NFD")) || isDamaged(text)) card.warnings.push("name_unreadable");
}

function putAddress(card: Card, text: string): void {
  const address = normaliseName(text);
  put(card, "address", address);
  if (!ADDRESS_SIGNS.test(address.normalize("NFD")) || isDamaged(text)) card.warnings.push("address_unreadable");
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
  putAddress(card, at(parts, 5));
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
  putAddress(card, textOfHex(at(parts, 3)));
  putDay(card, "valid_from", at(parts, 5));
  putDay(card, "valid_to", at(parts, 6));
  if (!(parts.length <= INSURANCE_FIELDS ? endsWithDates(parts) : parts.at(-1) === "$")) card.warnings.push("scan_cut_off");
  return card;
}

/** Whether the short form is whole: its last day, or a dash or nothing where it has none. */
function endsWithDates(parts: readonly string[]): boolean {
  const last = parts.at(-1) ?? "";
  return parts.length === INSURANCE_FIELDS && (DAY_FIRST.test(last) || last === "" || last === "-");
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

function fieldsOf(text: string): string[] {
  return text.split("|", MOST_FIELDS).map(stripped);
}

/** The card whose QR holds `text`, undefined when it is none of the three. */
export function readCard(text: string): Card | undefined {
  const parts = fieldsOf(text);
  const card = identityCard(parts) ?? insuranceCard(parts) ?? nationalQr(parts);
  if (card !== undefined && hasSecondPerson(parts)) card.warnings.push("two_scans");
  return card && crossCheck(card);
}

/** Whether a text that is no whole card begins like one, or has a date between the bars as cards have. */
export function isPartOfCard(text: string): boolean {
  if (!text.includes("|")) return false;
  const parts = fieldsOf(text);
  return CARD_BEGINNING.test(at(parts, 0)) || parts.some((part) => DAY_FIRST.test(part) || YEAR_FIRST.test(part));
}

/** Whether a second card follows in the same scan: dates before sexes, or another number with its date. */
function hasSecondPerson(parts: readonly string[]): boolean {
  const isBirth = (place: number): boolean => {
    const next = parts[place + 1];
    return next !== undefined && DATE_LIKE.test(at(parts, place)) && (/^[012]$/.test(next) || sexOfWord(next) !== undefined);
  };
  const isNumber = (place: number): boolean =>
    place > 0 &&
    /[0-9]{12}$/.test(at(parts, place)) &&
    OLD_NUMBER.test(at(parts, place + 1)) &&
    DATE_LIKE.test(at(parts, place + 3));
  const places = parts.map((_, place) => place);
  return places.filter(isBirth).length > 1 || places.some(isNumber);
}

/** `card` with its warnings where a 12-digit number disagrees with sex or year of birth. */
export function crossCheck(card: Card): Card {
  const { id_number, sex, birth_year } = card.fields;
  if (id_number !== undefined && card.fields.id_type === "cccd") card.warnings.push(...crossChecks(id_number, sex, birth_year));
  return card;
}
