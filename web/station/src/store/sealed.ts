/** Cards put away sealed, in parts, and taken out again: never are both there, and never neither by accident. */
import type { Sealed } from "../keys/sealing.ts";
import type { Card } from "../rules/cards.ts";
import { allCards, answer, write } from "./database.ts";
import type { Reached } from "./records.ts";

const PART = 500;
const STORES = ["cards", "sealed", "meta"];

type MaybeReached = IDBRequest<Reached | undefined>;

const reachedIn = async (meta: IDBObjectStore): Promise<string> =>
  (await answer(meta.get("cursor") as MaybeReached))?.cursor ?? "";

async function readAll(database: IDBDatabase): Promise<{ cards: Card[]; reached: string }> {
  const transaction = database.transaction(["cards", "meta"]);
  const [cards, reached] = await Promise.all([
    allCards(transaction.objectStore("cards")),
    reachedIn(transaction.objectStore("meta")),
  ]);
  return { cards, reached };
}

/** Forgets who is signed in and puts the sealed parts in the place of the cards, unless more were read meanwhile. */
async function swap(database: IDBDatabase, parts: readonly Sealed[], reached: string): Promise<boolean> {
  return write(database, STORES, async (open) => {
    if ((await reachedIn(open("meta"))) !== reached) return false;
    open("cards").clear();
    open("sealed").clear();
    for (const part of parts) open("sealed").add(part);
    for (const key of ["session", "cardKey"]) open("meta").delete(key);
    open("meta").put(true, "isSealed");
    return true;
  });
}

/** Seals every card with `seal` and forgets the session and its key; from then on no card is kept. */
export async function sealCards(database: IDBDatabase, seal: (text: string) => Promise<Sealed>): Promise<void> {
  for (;;) {
    const { cards, reached } = await readAll(database);
    const parts: Sealed[] = [];
    for (let begin = 0; begin < cards.length; begin += PART) {
      parts.push(await seal(JSON.stringify(cards.slice(begin, begin + PART))));
    }
    if (await swap(database, parts, reached)) return;
  }
}

/** Puts the cards back that `unseal` opens; where it does not, all are forgotten and the feed is read from its beginning. */
export async function unsealCards(
  database: IDBDatabase,
  unseal: (sealed: Sealed) => Promise<string | null>,
): Promise<void> {
  const store = database.transaction("sealed").objectStore("sealed");
  const parts = await answer(store.getAll() as IDBRequest<Sealed[]>);
  const texts = await Promise.all(parts.map(unseal));
  await write(database, STORES, async (open) => {
    open("sealed").clear();
    open("meta").delete("isSealed");
    if (texts.includes(null)) open("meta").delete("cursor");
    else for (const text of texts) for (const card of JSON.parse(text ?? "[]") as Card[]) open("cards").put(card);
    return Promise.resolve();
  });
}

/** Forgets every card, sealed or not, and the key. */
export async function wipeCards(database: IDBDatabase): Promise<void> {
  await write(database, STORES, async (open) => {
    open("cards").clear();
    open("sealed").clear();
    for (const key of ["cursor", "cardKey"]) open("meta").delete(key);
    return Promise.resolve();
  });
}
