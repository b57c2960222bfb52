/** Reads the node's cards: the feed of a site, and one person on demand. */
import { readCard, type Card } from "../rules/cards.ts";
import type { CardNews } from "../store/cards.ts";
import type { Reached, Session } from "../store/records.ts";
import type { Store } from "../store/store.ts";
import type { Http } from "./http.ts";

export type FeedOutcome = "read" | "unreachable" | "signed_out" | "revoked" | "stuck";

/** How reading ended, and the node's epoch as the last page told it. */
export interface FeedRead {
  outcome: FeedOutcome;
  epoch: string | null;
}

const BEGINNING = "0";

/** A page with `snapshot` begins the scope anew: what was held before it is forgotten. */
interface Page {
  cards: unknown[];
  cursor: string;
  more: boolean;
  snapshot: boolean;
  epoch: string;
}

function readPage(json: unknown): Page | null {
  if (typeof json !== "object" || json === null) return null;
  const { cards, cursor, more, snapshot, epoch } = json as Record<string, unknown>;
  if (!Array.isArray(cards) || typeof cursor !== "string" || typeof epoch !== "string") return null;
  return { cards: cards as unknown[], cursor, more: more === true, snapshot: snapshot === true, epoch };
}

/** A cursor the node does not know (another database behind the same address) makes the next reading start again. */
async function refused(answer: { status: number; code: string }, store: Store): Promise<Exclude<FeedOutcome, "read">> {
  if (answer.code === "cursor_invalid") await store.put({ cursor: null });
  if (answer.code === "device_revoked") return "revoked";
  return answer.status === 401 ? "signed_out" : "stuck";
}

type PageOutcome = Page | Exclude<FeedOutcome, "read">;

async function askPage(
  query: { after: string; scope: string; waiting: string },
  session: Session,
  store: Store,
  http: Http,
): Promise<PageOutcome> {
  const answer = await http({ path: `/api/v1/feed?${new URLSearchParams(query).toString()}`, token: session.token });
  if (answer.kind === "unreachable") return "unreachable";
  if (answer.kind === "refused") return refused(answer, store);
  return readPage(answer.json) ?? "stuck";
}

async function keepPage(page: Page, known: Reached, store: Store): Promise<{ reached: Reached; news: CardNews }> {
  const isFilling = (page.snapshot || known.isFilling) && page.more;
  const reached = { scope: known.scope, cursor: page.cursor, isFilling };
  const cards = page.cards.map(readCard).filter((card) => card !== null);
  return { reached, news: await store.putCards(cards, { reached, isBeginning: page.snapshot }) };
}

/** Reads on from where the store stands, saying how many entries wait; `told` hears what each page changed, and whether a new beginning still fills. */
export async function readFeed(
  { scope, waiting }: { scope: string; waiting: number },
  session: Session,
  store: Store,
  http: Http,
  told: (news: CardNews, isFilling: boolean) => void,
): Promise<FeedRead> {
  const stored = await store.get("cursor");
  let known: Reached = stored?.scope === scope ? stored : { scope, cursor: BEGINNING, isFilling: true };
  let epoch: string | null = null;
  for (;;) {
    const page = await askPage({ after: known.cursor, scope, waiting: String(waiting) }, session, store, http);
    if (typeof page === "string") return { outcome: page, epoch };
    const { reached, news } = await keepPage(page, known, store);
    told(news, reached.isFilling);
    epoch = page.epoch;
    if (!page.more || page.cursor === known.cursor) return { outcome: "read", epoch };
    known = reached;
  }
}

export type PersonOutcome = Card | "unknown" | "unreachable" | "signed_out" | "revoked" | "refused";

/** Only a node that looked and found nothing says that there is no such person. */
function personRefused({ status, code }: { status: number; code: string }): Exclude<PersonOutcome, Card> {
  if (code === "device_revoked") return "revoked";
  if (status === 401) return "signed_out";
  return code === "person_unknown" ? "unknown" : "refused";
}

/** The card of one person as the member's works at this post see it. */
export async function readPerson(code: string, post: string, session: Session, http: Http): Promise<PersonOutcome> {
  const query = new URLSearchParams({ post }).toString();
  const answer = await http({ path: `/api/v1/cards/person/${encodeURIComponent(code)}?${query}`, token: session.token });
  if (answer.kind === "unreachable") return "unreachable";
  if (answer.kind === "answered") return readCard(answer.json) ?? "refused";
  return personRefused(answer);
}
