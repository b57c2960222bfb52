/** What each work sees of a person (field rule B1): twin of `src/chotxanh/protocol/sights.py`. */
import type { PersonCard } from "./cards.ts";
import type { Work, Works } from "./works.ts";

type Field = Exclude<keyof PersonCard, "person_code">;

const WHO: readonly Field[] = ["full_name", "birth_year", "sex", "id_ending", "registration"];
const JOURNEY: readonly Field[] = ["category", "declared_at", "plate", "vehicle_class", "direction", "origin", "destination", "party"];
const ANSWERS: readonly Field[] = ["symptoms", "exposures"];
/** A number to call is there where there is a reason to call, and so tells as much as the result. */
const TEST: readonly Field[] = ["state", "last_result", "sampling", "may_be_same", "phone"];
const EVERYTHING: readonly Field[] = [...WHO, ...JOURNEY, ...ANSWERS, ...TEST];

export const SEES: Readonly<Record<Work, readonly Field[]>> = {
  data_entry: [...WHO, ...JOURNEY, ...ANSWERS],
  sampling: [...WHO, ...JOURNEY, ...ANSWERS, "sampling", "light"],
  reading: EVERYTHING,
  signing: EVERYTHING,
  traffic: ["plate", "light"],
};

const NOTHING: Omit<PersonCard, "person_code"> = {
  full_name: "",
  birth_year: null,
  sex: "",
  category: "",
  registration: "",
  vehicle_class: "",
  plate: null,
  direction: "",
  origin: "",
  destination: "",
  symptoms: [],
  exposures: [],
  party: [],
  declared_at: "",
  state: "withheld",
  sampling: "any",
  may_be_same: false,
  id_ending: "",
  phone: null,
  last_result: null,
  light: null,
};

/** What somebody with these works sees of a card. */
export function seenBy(card: PersonCard, works: Works): PersonCard {
  if (works.has("reading") || works.has("signing")) return card;
  const seen = [...works].flatMap((work) => SEES[work]);
  const shown = Object.fromEntries(seen.map((field) => [field, card[field]]));
  return { person_code: card.person_code, ...NOTHING, ...shown };
}
