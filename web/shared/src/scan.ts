/** What a scanned text is: twin of `src/chotxanh/domain/scan.py`, held to it by `contracts/scan.json`. */
import { isPartOfCard, readCard, type CardFields, type CardKind } from "./cards.ts";
import { parseCode, parseCommand, parseRecord, type CodeType, type Command } from "./codes.ts";
import { hasShiftedKeys, showsInputMethod, showsLayout, undoLayout, withoutMarks } from "./keyboard.ts";
import { isPartOfLines, readMachineLines } from "./passports.ts";
import { LONGEST_PLATE, readings, type PlateReading } from "./plates.ts";
import { resemblances } from "./resemblance.ts";

const LONGEST_SCAN = 20_000;
const LONGEST_ADDRESS = 4_000;
const LONGEST_BARCODE = 40;
const FEWEST_LAYOUT_DIGITS = 6;

/* eslint-disable no-control-regex -- scanners add control characters at both ends */
const AIM_PREFIX = /^\][A-Za-z][0-9A-Za-z]/;
const LEADING = /^[\t\r\n\x00\x02\x03\x04\x1d\x1e \u00a0\u200b\ufeff]+/;
const TRAILING = /[\t\r\n\x00\x02\x03\x04\x1d\x1e \u00a0\u200b\ufeff]+$/;
const TRAILING_CONTROLS = /[\t\r\n\x00\x02\x03\x04\x1d\x1e]+$/; // not the space: in base45 it is data
const BARCODE_ENDS = /^[\x00-\x20\x7f]+|[\x00-\x20\x7f]+$/g;
/** Within a barcode a group separator ends a field (GS1): without it two barcodes would be one. */
const BARCODE = /^[\x1d\x20-\x7e]+$/;
const TUBE = /^(?=[^0-9]*[0-9])[0-9A-Z][0-9A-Z \x1d\-._/+:$%#&()]{2,39}$/;
const NOT_ASCII = /[^\x00-\x7f]/;
const URL_SHAPE = /^[Hh][Tt][Tt][Pp][Ss]?:\/\/[^\x00-\x20|]+$/;
/* eslint-enable no-control-regex */
const CERTIFICATE = /^[Hh][Cc]1:/;
const NOT_BASE45 = /[^0-9A-Z $%*+\-./:]/;
const UNSEEN = /[\xad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff]/g;
const CODE = /^[0-9A-Z $%*+\-./:_#&()]*[0-9][0-9A-Z $%*+\-./:_#&()]*$/;
const HEX_FIELD = /^(?:[A-Z]{2}[0-9]{13}\||[0-9]{10}\|)?[0-9A-Z]*[0-9][0-9A-Z]{5,}\|[0-9]{2}\//;
type OwnKind = "person_code" | "appointment_code" | "slip_code" | "tube_label" | "badge_code";
const KIND_OF_TYPE: Readonly<Record<CodeType, OwnKind>> = {
  P: "person_code",
  H: "appointment_code",
  S: "slip_code",
  T: "tube_label",
  B: "badge_code",
};

export type Scan = { readonly warnings: readonly string[] } & (
  | { readonly kind: OwnKind; readonly fields: { readonly code: string } }
  | { readonly kind: "command"; readonly fields: { readonly command: Command } }
  | { readonly kind: "record"; readonly fields: { readonly digits: string } }
  | { readonly kind: CardKind; readonly fields: Readonly<CardFields> }
  | {
      readonly kind: "plate";
      readonly fields: {
        readonly plate_number: string;
        readonly plate_norm: string;
        readonly readings: readonly PlateReading[];
      };
    }
  | { readonly kind: "certificate"; readonly fields: { readonly certificate: string } }
  | { readonly kind: "url"; readonly fields: { readonly url: string } }
  | { readonly kind: "tube_barcode"; readonly fields: { readonly tube_barcode: string } }
  | { readonly kind: "unknown"; readonly fields: Readonly<Record<string, never>> }
);

type Reader = (text: string, today: string | undefined) => Scan | undefined;

/**
 * What `text` is. Never throws; `unknown` when it is nothing known here. `today` (`YYYY-MM-DD`) is for papers that write
 * a year of birth in two digits.
 */
export function recognise(text: string, today?: string): Scan {
  if (text.length > LONGEST_SCAN && Array.from(text).length > LONGEST_SCAN) return unknown("too_long");
  const scanned = cleaned(text);
  return firstOf(READERS, scanned, today) ?? withoutLayout(scanned, today) ?? notRecognised(scanned);
}

function unknown(...warnings: readonly string[]): Scan {
  return { kind: "unknown", fields: {}, warnings };
}

function firstOf(readers: readonly Reader[], text: string, today: string | undefined): Scan | undefined {
  for (const read of readers) {
    const found = read(text, today);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** Without AIM prefix, and without the control characters and blanks that scanners add at both ends. */
function cleaned(text: string): string {
  const bare = text.replace(LEADING, "").replace(AIM_PREFIX, "").replace(LEADING, "");
  return bare.replace(CERTIFICATE.test(bare) ? TRAILING_CONTROLS : TRAILING, "");
}

function certificate(text: string): Scan | undefined {
  if (!CERTIFICATE.test(text)) return undefined;
  const warnings = NOT_BASE45.test(text) ? ["input_method_suspected"] : [];
  return { kind: "certificate", fields: { certificate: text }, warnings };
}

/** A Backspace within a scan is an input method at work: what follows it cannot be trusted. */
function retyped(text: string): Scan | undefined {
  return text.includes("\b") ? unknown("input_method_suspected") : undefined;
}

function url(text: string): Scan | undefined {
  if (text.length > LONGEST_ADDRESS || !URL_SHAPE.test(text)) return undefined;
  return { kind: "url", fields: { url: text }, warnings: NOT_ASCII.test(text) ? ["input_method_suspected"] : [] };
}

function own(text: string): Scan | undefined {
  const command = parseCommand(text);
  if (command !== undefined) return { kind: "command", fields: { command }, warnings: [] };
  const code = parseCode(text);
  if (code !== undefined) return { kind: KIND_OF_TYPE[code.type], fields: { code: code.value }, warnings: [] };
  const digits = parseRecord(text);
  return digits === undefined ? undefined : { kind: "record", fields: { digits }, warnings: [] };
}

function card(text: string): Scan | undefined {
  return text.includes("|") ? readCard(text) : undefined;
}

function passport(text: string, today: string | undefined): Scan | undefined {
  return readMachineLines(text, today);
}

function plate(text: string): Scan | undefined {
  if (Array.from(text.slice(0, 4 * LONGEST_PLATE)).length > LONGEST_PLATE) return undefined;
  const found = readings(text);
  const [first] = found;
  if (first === undefined) return undefined;
  const isCompact = text === first.plate && !NOT_ASCII.test(text);
  const fields = { plate_number: text, plate_norm: first.plate, readings: found };
  return { kind: "plate", fields, warnings: isCompact ? ["may_be_tube_barcode"] : [] };
}

/** The barcode in upper case, without what scanners add at its ends; undefined for anything but ASCII. */
export function normaliseTube(text: string): string | undefined {
  const seen = text.replace(UNSEEN, "").replace(/[\t-\r \u00a0]+/g, " ");
  const bare = seen.replace(BARCODE_ENDS, "").replace(/^\][A-Za-z][0-9A-Fa-f]/, "").replace(BARCODE_ENDS, "");
  return BARCODE.test(bare) && bare.length <= LONGEST_BARCODE ? bare.toUpperCase() : undefined;
}

function tube(text: string): Scan | undefined {
  const barcode = normaliseTube(text);
  if (barcode === undefined || !TUBE.test(barcode)) return undefined;
  return { kind: "tube_barcode", fields: { tube_barcode: barcode }, warnings: resemblances(barcode) };
}

const READERS: readonly Reader[] = [certificate, retyped, url, own, card, passport, plate, tube];

/**
 * The scan behind the key-for-key layout, when everything fits. Where that alone is no proof (a short word, a capital
 * that can stand for two keys), its check character must be.
 */
function withoutLayout(text: string, today: string | undefined): Scan | undefined {
  const keys = undoLayout(text);
  if (keys === undefined) return undefined;
  const isDoubtful = (keys.match(/[0-9]/g) ?? []).length < FEWEST_LAYOUT_DIGITS || hasShiftedKeys(text);
  const found = firstOf(isDoubtful ? [own] : READERS, cleaned(keys), today);
  return found && { ...found, warnings: [...found.warnings, "keyboard_layout_undone"] };
}

function notRecognised(text: string): Scan {
  if (showsLayout(text)) return unknown("keyboard_layout_suspected");
  if (showsInputMethod(text) && mustBeAscii(text)) return unknown("input_method_suspected");
  return isPartOfCard(text) || isPartOfLines(text) ? unknown("scan_cut_off") : unknown();
}

/**
 * Whether `text` can only be a code that was typed with a Vietnamese input method: digits, no other letters or signs than
 * codes have and no plain words of a language, or the hexadecimal letters of an insurance card.
 */
function mustBeAscii(text: string): boolean {
  const bare = withoutMarks(text).toUpperCase();
  if (bare.includes("|")) return HEX_FIELD.test(bare);
  const words = bare.split(" ");
  const changed = words.filter((_, place) => NOT_ASCII.test(text.split(" ")[place] ?? ""));
  return CODE.test(bare) && changed.every((word) => /[0-9]/.test(word));
}
