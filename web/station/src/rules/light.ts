/**
 * The one light of the police: papers until when, none, or whom the health staff must see first (field rule B1). Who
 * waits for a result and who has a positive one have the same light, so that no change of it tells anybody why.
 */
import { normalisePlate } from "../../../shared/src/plates.ts";
import type { TextKey } from "../language.ts";
import type { PersonCard } from "./cards.ts";
import { type PersonView, personView, type Tubes } from "./overlay.ts";
import type { Standing } from "./standing.ts";
import { standing } from "./standing.ts";
import { instant, shortTime } from "./time.ts";
import { doesOne, seesResults, type Works } from "./works.ts";

export type Colour = "valid" | "none" | "wait";

/** `until` in Unix ms, where the light is `valid`. */
export interface Light {
  colour: Colour;
  until: number | null;
}

const WAIT: Light = { colour: "wait", until: null };
const NONE: Light = { colour: "none", until: null };
/** What asks nobody to wait; whatever is not named here does. */
const WITHOUT_PAPER: ReadonlySet<TextKey> = new Set(["standing.none", "standing.over"]);

/** A card that was cut on the way here says its light itself; what this station found since speaks louder. */
function ofCut({ card, tube, found }: PersonView, now: number, isDoubtful: boolean): Light {
  const light = card?.light;
  if (!light || light.colour === "wait" || tube?.isAhead || found) return WAIT;
  return light.colour === "none" ? NONE : paperUntil(instant(light.until), now, isDoubtful);
}

function paperUntil(until: number | null, now: number, isDoubtful: boolean): Light {
  if (until === null || until <= now) return NONE;
  return isDoubtful ? WAIT : { colour: "valid", until };
}

export function lightOf(person: PersonView, now: number, isDoubtful = false): Light {
  if (person.card?.state === "withheld") return ofCut(person, now, isDoubtful);
  const { key } = standing(person, now, isDoubtful);
  if (key === "standing.valid") return { colour: "valid", until: instant(person.card?.last_result?.valid_until) };
  return WITHOUT_PAPER.has(key) ? NONE : WAIT;
}

const SIGNS = { valid: "valid", none: "over", wait: "wait" } as const;

/** A light as a state with its sign and words. */
export function lit({ colour, until }: Light, now: number): Standing {
  const params = until === null ? {} : { until: shortTime(until, now) };
  return { sign: SIGNS[colour], key: `light.${colour}`, params };
}

/** Where a person stands, as these works may read it: a result is told to who reads or signs results alone. */
export function standingFor(person: PersonView, works: Works, now: number, isDoubtful: boolean): Standing {
  const whole = standing(person, now, isDoubtful);
  if (seesResults(works)) return whole;
  const neutral = works.has("sampling") ? TO_SAMPLERS[whole.key] : undefined;
  if (neutral) return neutral;
  if (doesOne(works, "sampling", "traffic")) return lit(lightOf(person, now, isDoubtful), now);
  return { sign: "plain", key: person.card?.declared_at ? "seen.declared" : "seen.not_declared" };
}

/** Whose sample is taken nobody samples again; of a case every station says one neutral line (field rule A4). */
const TO_SAMPLERS: Readonly<Partial<Record<TextKey, Standing>>> = {
  "standing.waiting": { sign: "wait", key: "standing.sampled" },
  "standing.sampled": { sign: "wait", key: "standing.sampled" },
  "standing.case": { sign: "plain", key: "standing.case" },
};

/** A vehicle, with how many declared for it and the one light of them all. */
export interface Vehicle {
  /** As it was declared, or as it is compared where nobody declared it. */
  plate: string;
  people: number;
  light: Light;
}

/** Whoever declared longer ago has driven on. */
export const JOURNEY_MS = 48 * 3_600_000;

const plates = new WeakMap<PersonCard, string>();

function plateOf(card: PersonCard): string {
  const known = plates.get(card);
  if (known !== undefined) return known;
  const plate = card.plate ? normalisePlate(card.plate) : "";
  plates.set(card, plate);
  return plate;
}

/** One who waits makes it wait; one without a paper makes it none; the paper that ends first says until when. */
function ofAll(lights: readonly Light[]): Light {
  if (lights.some(({ colour }) => colour === "wait")) return WAIT;
  if (lights.length === 0 || lights.some(({ colour }) => colour === "none")) return NONE;
  return { colour: "valid", until: Math.min(...lights.map(({ until }) => until ?? 0)) };
}

/** `plate` as it is compared: upper case, letters and digits alone. */
export function vehicleOf(plate: string, cards: Iterable<PersonCard>, tubes: Tubes, now: number, isDoubtful: boolean): Vehicle {
  const aboard = [...cards].filter((card) => plateOf(card) === plate && now - (instant(card.declared_at) ?? 0) <= JOURNEY_MS);
  const lights = aboard.map((card) => lightOf(personView(card.person_code, card, tubes), now, isDoubtful));
  return { plate: aboard[0]?.plate ?? plate, people: aboard.length, light: ofAll(lights) };
}
