/** The cards in the database: the newest of each, no more than a post needs, none that is over. */
import type { Card } from "../rules/cards.ts";
import { answer, write } from "./database.ts";
import type { Reached } from "./records.ts";

/** More cards than a post ever needs are the oldest ones. */
export const MOST_CARDS = 40_000;

export type CardName = [kind: Card["kind"], id: string];

/** How cards came: with them the feed was read up to `reached`; a beginning replaces whatever was held. */
export interface Arrival {
  reached?: Reached;
  isBeginning?: boolean;
  most?: number;
}

/** What a change of the cards means for whoever shows them. */
export interface CardNews {
  isBeginning: boolean;
  cards: Card[];
  forgotten: CardName[];
}

const isAskedFor = (card: Card | undefined): boolean => card?.asked_at !== undefined;

/** Deletes the cards of lowest version beyond `most`. */
async function dropOldest(cards: IDBObjectStore, most: number): Promise<CardName[]> {
  const excess = (await answer(cards.count())) - most;
  if (excess <= 0) return [];
  const names = (await answer(cards.index("version").getAllKeys(null, excess))) as CardName[];
  for (const name of names) cards.delete(name);
  return names;
}

/** A card that was asked for may be newer than its version says; what the feed holds the feed keeps fresh. */
function keptOfAsked(known: Card, card: Card): Card | null {
  const isHeld = known.body !== null && !isAskedFor(known);
  return isHeld || known.version > card.version ? null : card;
}

/** A card that was asked for before the feed brought it stays as it is, and is the feed's from now on. */
function keptOfFeed(known: Card, card: Card): Card | null {
  if (known.version < card.version) return card;
  if (!isAskedFor(known) || card.body === null) return null;
  const now = { ...known, expires_at: card.expires_at };
  delete now.asked_at;
  return now;
}

/** What is kept of `card` beside what is `known`, null where nothing changes. */
function kept(known: Card | undefined, card: Card): Card | null {
  if (!known) return card;
  return isAskedFor(card) ? keptOfAsked(known, card) : keptOfFeed(known, card);
}

/** Keeps the highest version of each card, in one transaction with the cursor; answers with what that changed. */
export async function keepCards(database: IDBDatabase, cards: readonly Card[], arrival: Arrival): Promise<CardNews> {
  const { reached, isBeginning = false, most = MOST_CARDS } = arrival;
  return write(database, ["cards", "meta"], async (open) => {
    const store = open("cards");
    const news: Card[] = [];
    // What was on its way when the cards were sealed comes again with the next reading.
    if (await answer(open("meta").get("isSealed"))) return { isBeginning: false, cards: news, forgotten: [] };
    if (isBeginning) store.clear();
    for (const card of cards) {
      const known = await answer(store.get([card.kind, card.id]) as IDBRequest<Card | undefined>);
      const now = kept(known, card);
      if (!now) continue;
      store.put(now);
      news.push(now);
    }
    if (reached) open("meta").put(reached, "cursor");
    return { isBeginning, cards: news, forgotten: await dropOldest(store, most) };
  });
}

/** Deletes the cards that are over at `now` (Unix ms); answers with their names. */
export async function forgetExpired(database: IDBDatabase, now: number): Promise<CardName[]> {
  const over = IDBKeyRange.upperBound(now);
  const index = database.transaction("cards").objectStore("cards").index("expires_at");
  if ((await answer(index.count(over))) === 0) return [];
  return write(database, ["cards"], async (open) => {
    const names = (await answer(open("cards").index("expires_at").getAllKeys(over))) as CardName[];
    for (const name of names) open("cards").delete(name);
    return names;
  });
}
