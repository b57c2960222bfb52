/** Cards as the feed sends them (docs/protocol.md): what this station knows about people and tubes. */
import { KNOWN_VALUES, type ResultValue } from "./entry.ts";

/** `withheld`: whoever asked for the card sees no result. */
const PERSON_STATES = [
  "declared",
  "sampled",
  "disputed",
  "recollect",
  "contact",
  "closed",
  "negative",
  "positive",
  "withheld",
] as const;
const TUBE_STATES = ["waiting", "resulted", "disputed"] as const;
/** The gravest last; `single` and `rt_pcr` never share a tube with others. */
export const SAMPLINGS = ["any", "single", "rt_pcr", "none"] as const;
export type Sampling = (typeof SAMPLINGS)[number];

export interface PersonCard {
  person_code: string;
  full_name: string;
  birth_year: number | null;
  sex: string;
  category: string;
  /** The entry that says who it is; empty on a card that names none. */
  registration: string;
  vehicle_class: string;
  plate: string | null;
  direction: string;
  origin: string;
  destination: string;
  symptoms: string[];
  exposures: string[];
  /** Those who travel along, as this person declared for all; no name once erased. */
  party: { person_code: string; full_name: string | null }[];
  /** Empty where no journey was declared. */
  declared_at: string;
  state: (typeof PERSON_STATES)[number];
  /** Which sample may be taken now. */
  sampling: Sampling;
  /** What is doubtful comes from a registration that may be this person's. */
  may_be_same: boolean;
  /** The last four of the identity number, empty where none was declared. */
  id_ending: string;
  /** E.164; there when there is a reason to call. */
  phone: string | null;
  last_result: LastResult | null;
  /** On a card that was cut on the way here: what it says of papers, to who may see that much. */
  light: CardLight | null;
}

export interface CardLight {
  colour: "valid" | "none" | "wait";
  until: string | null;
}

export interface LastResult {
  value: ResultValue;
  test_type: string;
  sampled_at: string;
  resulted_at: string;
  valid_until: string | null;
  /** With a certificate and no `valid_until`, no rule states a time. */
  has_certificate: boolean;
}

export interface TubeCard {
  facility: string;
  tube: string;
  site: string;
  pool_kind: "single" | "pool_at_collection";
  sampled_at: string;
  members: { person_code: string; full_name: string | null }[];
  state: (typeof TUBE_STATES)[number];
  value: ResultValue | null;
  result: string | null;
  resulted_at: string | null;
  /** The test and method of the result, or of the sampling; the kit of the sampling. */
  test: string;
  kit: string | null;
  test_type: string;
  /** The run of the result that is shown, 0 before there is one. */
  run: number;
  /** The result says nothing about anybody: the test must be done again. */
  asks_again: boolean;
  is_outside_window: boolean;
  line_seen: boolean | null;
  /** When the tray was set going. */
  started_at: string | null;
  is_household: boolean;
}

/** `expires_at` in Unix ms: from then on this station holds the card no longer. */
interface Head {
  id: string;
  version: number;
  expires_at: number;
  /** When this station asked for the card by its code (Unix ms); the feed brings it no news. Absent on a card of the feed. */
  asked_at?: number;
}

export type Card =
  | ({ kind: "person"; body: PersonCard | null } & Head)
  | ({ kind: "tube"; body: TubeCard | null } & Head);

type Fields = Record<string, unknown>;

const isFields = (value: unknown): value is Fields => typeof value === "object" && value !== null;
const isText = (value: unknown): value is string => typeof value === "string";
const textOf = (value: unknown): string => (isText(value) ? value : "");
const textOrNull = (value: unknown): string | null => (isText(value) ? value : null);
const textsOf = (value: unknown): string[] => (Array.isArray(value) ? value.filter(isText) : []);

function oneOf<Known extends string>(value: unknown, known: readonly Known[]): Known | null {
  return known.find((one) => one === value) ?? null;
}

function readLastResult(value: unknown): LastResult | null {
  const known = isFields(value) ? oneOf(value["value"], KNOWN_VALUES) : null;
  if (!isFields(value) || known === null) return null;
  return {
    value: known,
    test_type: textOf(value["test_type"]),
    sampled_at: textOf(value["sampled_at"]),
    resulted_at: textOf(value["resulted_at"]),
    valid_until: textOrNull(value["valid_until"]),
    has_certificate: value["has_certificate"] === true,
  };
}

const COLOURS = ["valid", "none", "wait"] as const;

function readLight(value: unknown): CardLight | null {
  if (!isFields(value)) return null;
  return { colour: oneOf(value["colour"], COLOURS) ?? "wait", until: textOrNull(value["until"]) };
}

/** A state that only a later version knows lets nobody pass. */
function readState(value: unknown): PersonCard["state"] {
  return value === undefined ? "declared" : (oneOf(value, PERSON_STATES) ?? "disputed");
}

function readPerson(body: Fields): PersonCard | null {
  if (!isText(body["person_code"])) return null;
  return {
    person_code: body["person_code"],
    full_name: textOf(body["full_name"]),
    birth_year: typeof body["birth_year"] === "number" ? body["birth_year"] : null,
    sex: textOf(body["sex"]),
    category: textOf(body["category"]),
    registration: textOf(body["registration"]),
    vehicle_class: textOf(body["vehicle_class"]),
    plate: textOrNull(body["plate"]),
    direction: textOf(body["direction"]),
    origin: textOf(body["origin"]),
    destination: textOf(body["destination"]),
    symptoms: textsOf(body["symptoms"]),
    exposures: textsOf(body["exposures"]),
    party: Array.isArray(body["party"]) ? body["party"].flatMap(readMember) : [],
    declared_at: textOf(body["declared_at"]),
    state: readState(body["state"]),
    sampling: oneOf(body["sampling"], SAMPLINGS) ?? "any",
    may_be_same: body["may_be_same"] === true,
    id_ending: textOf(body["id_ending"]),
    phone: textOrNull(body["phone"]),
    last_result: readLastResult(body["last_result"]),
    light: readLight(body["light"]),
  };
}

function readMember(value: unknown): TubeCard["members"] {
  if (!isFields(value) || !isText(value["person_code"])) return [];
  return [{ person_code: value["person_code"], full_name: textOrNull(value["full_name"]) }];
}

function readTube(body: Fields): TubeCard | null {
  const state = oneOf(body["state"], TUBE_STATES);
  if (!isText(body["tube"]) || !isText(body["facility"]) || !Array.isArray(body["members"]) || !state) return null;
  return {
    facility: body["facility"],
    tube: body["tube"],
    site: textOf(body["site"]),
    pool_kind: body["pool_kind"] === "single" ? "single" : "pool_at_collection",
    sampled_at: textOf(body["sampled_at"]),
    members: body["members"].flatMap(readMember),
    state,
    value: oneOf(body["value"], KNOWN_VALUES),
    result: textOrNull(body["result"]),
    resulted_at: textOrNull(body["resulted_at"]),
    ...readTesting(body),
  };
}

type TestingFields = Pick<
  TubeCard,
  | "test"
  | "kit"
  | "test_type"
  | "run"
  | "asks_again"
  | "is_outside_window"
  | "line_seen"
  | "started_at"
  | "is_household"
>;

function readTesting(body: Fields): TestingFields {
  return {
    test: textOf(body["test"]),
    kit: textOrNull(body["kit"]),
    test_type: textOf(body["test_type"]),
    run: typeof body["run"] === "number" ? body["run"] : 0,
    asks_again: body["asks_again"] === true,
    is_outside_window: body["is_outside_window"] === true,
    line_seen: typeof body["line_seen"] === "boolean" ? body["line_seen"] : null,
    started_at: textOrNull(body["started_at"]),
    is_household: body["is_household"] === true,
  };
}

/** A card if `value` is one of a kind this version knows and can be read, otherwise null: more may come later. */
export function readCard(value: unknown): Card | null {
  if (!isFields(value) || !isText(value["id"]) || typeof value["version"] !== "number") return null;
  const { id, version, kind, body, expires_at } = value;
  if ((kind !== "person" && kind !== "tube") || typeof expires_at !== "number") return null;
  const head = { id, version, expires_at };
  if (body === null) return { kind, ...head, body };
  return isFields(body) ? cardOf(kind, head, body) : null;
}

function cardOf(kind: Card["kind"], head: Head, fields: Fields): Card | null {
  if (kind === "person") {
    const body = readPerson(fields);
    return body && { kind, ...head, body };
  }
  const body = readTube(fields);
  return body && { kind, ...head, body };
}
