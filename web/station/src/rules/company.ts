/** Who travels together, as one of them declared it: whoever of them is scanned, everybody is at hand. */
import type { PersonCard } from "./cards.ts";

export interface Traveller {
  code: string;
  /** As their own card says, else the one that names them; empty once erased. */
  name: string;
  isScanned: boolean;
  /** In the tube in hand already. */
  isIn: boolean;
}

type Cards = ReadonlyMap<string, PersonCard>;

interface Found {
  code: string;
  /** Empty where no card names them. */
  head: string;
}
/** Whose card names somebody takes a walk over all cards to find: once for as long as the cards are the same. */
const found = new WeakMap<Cards, Found>();

function headOf(code: string, cards: Cards): PersonCard | null {
  const own = cards.get(code);
  if (own && own.party.length > 0) return own;
  const known = found.get(cards);
  if (known?.code === code) return cards.get(known.head) ?? null;
  for (const card of cards.values()) {
    if (card.party.some(({ person_code }) => person_code === code)) {
      found.set(cards, { code, head: card.person_code });
      return card;
    }
  }
  found.set(cards, { code, head: "" });
  return null;
}

/** Everybody in the vehicle of somebody, the one who declared first; nobody where they declared alone. */
export function companyOf(code: string, cards: Cards, inTube: readonly string[]): Traveller[] {
  const head = headOf(code, cards);
  if (!head) return [];
  return [head, ...head.party].map(({ person_code, full_name }) => ({
    code: person_code,
    name: cards.get(person_code)?.full_name ?? full_name ?? "",
    isScanned: person_code === code,
    isIn: inTube.includes(person_code),
  }));
}
