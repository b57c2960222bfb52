/** Reads the node's cards: the feed of a checkpoint, and one person on demand. */
import { readCard, type Card } from "../rules/cards.ts";
import type { Session } from "../store/records.ts";
import type { Store } from "../store/store.ts";
import type { Http } from "./http.ts";

export type FeedOutcome = "read" | "unreachable" | "signed_out" | "stuck";

const BEGINNING = "0";

interface Page {
  cards: unknown[];
  cursor: string;
  more: boolean;
}

function readPage(json: unknown): Page | null {
  if (typeof json !== "object" || json === null) return null;
  const { cards, cursor, more } = json as Record<string, unknown>;
  if (!Array.isArray(cards) || (typeof cursor !== "string" && typeof cursor !== "number")) return null;
  return { cards: cards as unknown[], cursor: String(cursor), more: more === true };
}

/** A cursor the node does not know (another database behind the same address) makes the next reading start again. */
async function refused(answer: { status: number; code: string }, store: Store): Promise<"signed_out" | "stuck"> {
  if (answer.code === "cursor_invalid") await store.put({ cursor: null });
  return answer.status === 401 ? "signed_out" : "stuck";
}

type PageOutcome = Page | Exclude<FeedOutcome, "read">;

async function askPage(
  query: { after: string; scope: string },
  session: Session,
  store: Store,
  http: Http,
): Promise<PageOutcome> {
  const answer = await http({ path: `/api/v1/feed?${new URLSearchParams(query).toString()}`, token: session.token });
  if (answer.kind === "unreachable") return "unreachable";
  if (answer.kind === "refused") return refused(answer, store);
  return readPage(answer.json) ?? "stuck";
}

/** Reads on from where the store stands; `news` gets only cards that changed something. */
export async function readFeed(
  scope: string,
  session: Session,
  store: Store,
  http: Http,
  news: (cards: Card[]) => void,
): Promise<FeedOutcome> {
  const known = await store.get("cursor");
  let after = known?.scope === scope ? known.cursor : BEGINNING;
  for (;;) {
    const page = await askPage({ after, scope }, session, store, http);
    if (typeof page === "string") return page;
    const cards = page.cards.map(readCard).filter((card) => card !== null);
    const changed = await store.putCards(cards, { scope, cursor: page.cursor });
    if (changed.length > 0) news(changed);
    if (!page.more || page.cursor === after) return "read";
    after = page.cursor;
  }
}

export type PersonOutcome = Card | "unknown" | "unreachable" | "signed_out";

export async function readPerson(code: string, session: Session, http: Http): Promise<PersonOutcome> {
  const answer = await http({ path: `/api/v1/cards/person/${encodeURIComponent(code)}`, token: session.token });
  if (answer.kind === "unreachable") return "unreachable";
  if (answer.kind === "answered") return readCard(answer.json) ?? "unknown";
  return answer.status === 401 ? "signed_out" : "unknown";
}
