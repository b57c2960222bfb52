/** What the officer writes down for somebody without a phone: who it is, the journey, and how they feel. */
import { hasLostLetters, isDamaged } from "../../../shared/src/nameDamage.ts";
import { normaliseName } from "../../../shared/src/names.ts";
import type { Direction, Language, Sex } from "../../../shared/src/payloads.ts";
import type { TextKey } from "../language.ts";
import type { PersonCard } from "./cards.ts";
import type { Deed } from "./entry.ts";
import { idEndingOf } from "./paper.ts";
import { UNITS_OF } from "./units.ts";

export const SYMPTOMS = [
  "fever",
  "cough",
  "breathing_difficulty",
  "pneumonia",
  "sore_throat",
  "fatigue",
  "loss_of_taste_or_smell",
  "muscle_ache",
] as const;
export const EXPOSURES = [
  "been_in_outbreak_area",
  "contact_case",
  "contact_from_outbreak_area",
  "contact_symptomatic",
] as const;
/** The wording of what is told of data, as the web form says it. */
const NOTICE = "2021-07";

/** As it was typed; `answers` are those that are true. */
export interface Told {
  fullName: string;
  birthYear: string;
  sex: Sex;
  idNumber: string;
  phone: string;
  plate: string;
  category: string;
  vehicleClass: string;
  direction: Direction;
  origin: string;
  destination: string;
  answers: readonly string[];
}

const OLDEST = 120;

/** A number of Viet Nam, or one with its country, as E.164; null where it is neither. */
export function phoneOf(text: string): string | null {
  const digits = text.replace(/[\s.-]/g, "");
  if (/^0[35789]\d{8}$/.test(digits)) return `+84${digits.slice(1)}`;
  return /^\+\d{8,15}$/.test(digits) ? digits : null;
}

function isName(text: string): boolean {
  const name = normaliseName(text);
  return name !== "" && !hasLostLetters(name) && !isDamaged(text);
}

function isBirthYear(text: string, now: number): boolean {
  const thisYear = new Date(now).getUTCFullYear();
  return /^\d{4}$/.test(text) && Number(text) <= thisYear && Number(text) >= thisYear - OLDEST;
}

/** What must be mended first, or null. */
export function mistakeIn({ fullName, birthYear, phone, idNumber }: Told, now: number): TextKey | null {
  if (!isName(fullName)) return "window.mend_name";
  if (!isBirthYear(birthYear, now)) return "window.mend_birth";
  if (phone.trim() !== "" && phoneOf(phone) === null) return "window.mend_phone";
  return idNumber.trim() === "" || /^[A-Z0-9]{8,12}$/i.test(idNumber.trim()) ? null : "window.mend_id";
}

const orNull = (text: string): string | null => text.trim().toUpperCase() || null;

/** Who it is. There is no page of their own: nobody was given its secret. */
export function registered(told: Told, person_code: string, salt: string): Deed {
  const birth = { birth_year: Number(told.birthYear), birth_precision: "year" as const };
  return {
    kind: "person.registered",
    facts: { person_code, page_digest: null, ...birth, sex: told.sex, language: "vi" satisfies Language },
    personal: {
      salt,
      full_name: normaliseName(told.fullName),
      birth_date: null,
      id_number: orNull(told.idNumber),
      phone: phoneOf(told.phone),
    },
  };
}

/** `site` is where they stand: its other computers know them by it. */
export function declared(told: Told, person_code: string, registration: string, site: string, salt: string): Deed {
  const all = [...SYMPTOMS, ...EXPOSURES];
  return {
    kind: "declaration.submitted",
    facts: {
      registration,
      person_code,
      category: told.category,
      vehicle_class: told.vehicleClass,
      direction: told.direction,
      origin: { scheme: UNITS_OF, code: told.origin },
      destination: { scheme: UNITS_OF, code: told.destination },
      answers: Object.fromEntries(all.map((each) => [each, told.answers.includes(each)])),
      notice: NOTICE,
      site,
    },
    personal: { salt, plate: orNull(told.plate) },
  };
}

/** What is known of them here until the province's own card comes. */
export function cardOf(told: Told, person_code: string, registration: string, declared_at: string): PersonCard {
  return {
    person_code,
    full_name: normaliseName(told.fullName),
    birth_year: Number(told.birthYear),
    sex: told.sex,
    category: told.category,
    registration,
    vehicle_class: told.vehicleClass,
    plate: orNull(told.plate),
    direction: told.direction,
    origin: "",
    destination: "",
    symptoms: SYMPTOMS.filter((each) => told.answers.includes(each)),
    exposures: EXPOSURES.filter((each) => told.answers.includes(each)),
    party: [],
    declared_at,
    state: "declared",
    sampling: "any",
    may_be_same: false,
    id_ending: idEndingOf(orNull(told.idNumber) ?? undefined),
    phone: null,
    last_result: null,
    light: null,
  };
}
