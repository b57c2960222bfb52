/** What a scanned or typed text is for the station, from what the house recognises in it. */
import type { Command } from "../../../shared/src/codes.ts";
import type { CardFields } from "../../../shared/src/cards.ts";
import { normaliseTube, recognise, type Scan } from "../../../shared/src/scan.ts";
import type { TextKey } from "../language.ts";
import type { Quality } from "./burst.ts";
import type { Act } from "./desk.ts";
import { idEndingOf, type Paper } from "./paper.ts";

export type Meaning =
  | { kind: "person"; code: string }
  /** `likeness`: what else it looks like, in one sentence; null where it looks like a tube and nothing else. */
  | { kind: "tube"; tube: string; likeness: TextKey | null; plate?: string }
  /** A licence plate, as plates are compared, and nothing that is at the desk. */
  | { kind: "plate"; plate: string; shown: string }
  | { kind: "identity"; paper: Paper }
  | { kind: "badge"; badge: string }
  | { kind: "command"; command: Command; act: Act }
  | { kind: "refused"; key: TextKey; shown: string };

/** Commands without an act are not used at the desk yet. */
const COMMANDS: Readonly<Partial<Record<Command, Act>>> = {
  negative: { kind: "result", value: "negative" },
  positive: { kind: "result", value: "positive" },
  invalid: { kind: "result", value: "invalid" },
  inconclusive: { kind: "result", value: "inconclusive" },
  read_late: { kind: "late", lineSeen: false },
  read_late_line: { kind: "late", lineSeen: true },
  start_tests: { kind: "start" },
  close_tube: { kind: "close" },
  household: { kind: "household" },
  undo: { kind: "undo" },
  cancel: { kind: "cancel" },
};

/** Kinds that are read but not used at the desk, each with its own sentence. */
const ELSEWHERE: Readonly<Partial<Record<Scan["kind"], TextKey>>> = {
  national_qr: "notice.identity_card",
  insurance_card: "notice.identity_card",
  url: "notice.link",
  certificate: "notice.certificate",
  slip_code: "notice.slip",
  appointment_code: "notice.slip",
};

const DAMAGE: ReadonlySet<string> = new Set(["input_method_suspected", "keyboard_layout_suspected"]);

/** What a barcode may be instead, the gravest first: it opens a tube only when it is scanned once more. */
const LIKENESSES: readonly (readonly [string, TextKey])[] = [
  ["may_be_two_scans", "notice.like_two_scans"],
  ["may_be_id_number", "notice.like_id_number"],
  ["may_be_phone", "notice.like_phone"],
  ["may_be_insurance_number", "notice.like_insurance"],
  ["may_be_passport_number", "notice.like_passport"],
  ["may_be_date", "notice.like_date"],
  ["may_be_product_code", "notice.like_product"],
  ["may_be_link", "notice.like_link"],
  ["may_be_plate", "notice.like_plate"],
];

/** Enough to see what came, little enough to show nobody's identity card. */
const SHOWN = 24;

function refused(key: TextKey, text: string): Meaning {
  return { kind: "refused", key, shown: text.length > SHOWN ? `${text.slice(0, SHOWN)}…` : text };
}

function commanded(command: Command, text: string): Meaning {
  const act = COMMANDS[command];
  return act ? { kind: "command", command, act } : refused("notice.command_not_here", text);
}

function likenessOf(warnings: readonly string[]): TextKey | null {
  return LIKENESSES.find(([warning]) => warnings.includes(warning))?.[1] ?? null;
}

/** A supplier's barcode may look like a plate: what was scanned as one word goes by the step, which asks for a tube. */
function plated(text: string, plate: string, warnings: readonly string[]): Meaning {
  const tube = warnings.includes("may_be_tube_barcode") ? normaliseTube(text) : undefined;
  return tube === undefined ? { kind: "plate", plate, shown: text } : { kind: "tube", tube, likeness: "notice.like_plate", plate };
}

/** Whose paper it is; one that names nobody is only told. */
function identified(fields: CardFields, text: string): Meaning {
  const { full_name: name, birth_year, birth_date, id_type } = fields;
  const birthYear = birth_year ?? Number(birth_date?.slice(0, 4));
  if (!name || !birthYear) return refused("notice.identity_card", text);
  const kind = id_type === "passport" ? "document" : "card";
  return { kind: "identity", paper: { kind, name, birthYear, idEnding: idEndingOf(fields.id_number) } };
}

/** Kinds whose check character tells a whole code from a part of one. */
const CHECKED: ReadonlySet<Scan["kind"]> = new Set(["person_code", "command", "tube_label", "badge_code"]);

/** Why a code cannot be believed, or null. A damaged code is named, never repaired. */
function doubt(scan: Scan, quality: Quality): TextKey | null {
  if (quality === "mixed" && !CHECKED.has(scan.kind)) return "notice.mixed";
  if (quality === "damaged" || scan.warnings.some((warning) => DAMAGE.has(warning))) return "notice.input_method";
  return scan.warnings.includes("may_be_damaged_own_code") ? "notice.code_misread" : null;
}

function unknown(warnings: readonly string[]): TextKey {
  return warnings.includes("scan_cut_off") ? "notice.cut_off" : "notice.not_recognised";
}

/** What a code of our own names: a person, whoever is at work, or a tube. */
function named(scan: Scan): Meaning | null {
  if (scan.kind === "person_code") return { kind: "person", code: scan.fields.code };
  if (scan.kind === "badge_code") return { kind: "badge", badge: scan.fields.code };
  return scan.kind === "tube_label" ? { kind: "tube", tube: scan.fields.code, likeness: null } : null;
}

/** What to do with `text`: a repair or a part of a code could give one person another's result, so neither is taken. */
export function meaningOf(text: string, quality: Quality): Meaning {
  const scan = recognise(text);
  const why = doubt(scan, quality);
  if (why) return refused(why, text);
  const own = named(scan);
  if (own) return own;
  switch (scan.kind) {
    case "command":
      return commanded(scan.fields.command, text);
    case "tube_barcode":
      return { kind: "tube", tube: scan.fields.tube_barcode, likeness: likenessOf(scan.warnings) };
    case "identity_card":
      return identified(scan.fields, text);
    case "plate":
      return plated(text, scan.fields.plate_norm, scan.warnings);
    default:
      return refused(ELSEWHERE[scan.kind] ?? unknown(scan.warnings), text);
  }
}
