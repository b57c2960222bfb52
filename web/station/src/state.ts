/** Everything the running station knows, in one value that is replaced, never altered; whoever listens is told. */
import type { Card, PersonCard, TubeCard } from "./rules/cards.ts";
import type { Desk, Notice, World } from "./rules/desk.ts";
import { EMPTY_DESK } from "./rules/desk.ts";
import { overlayTubes, type Registers, type Tubes } from "./rules/overlay.ts";
import { choices } from "./rules/testing.ts";
import { NO_WORK, type Works, worksAt } from "./rules/works.ts";
import type { CardNews } from "./store/cards.ts";
import type { Device, Session, Shift, StoredEntry } from "./store/records.ts";

export type LineState = "up" | "down" | "trying";

/** Where a person's card is; `revoked`: this device is no longer told about anybody. */
export type Lookup = "known" | "asking" | "unknown" | "offline" | "revoked";

/** What was scanned last. `lookup` says what is known about where the person's card is. */
export type Scanned =
  /** `isNew`: just declared for at this computer, and has no code in hand yet. */
  | { kind: "person"; code: string; lookup: Lookup; isNew?: boolean }
  | { kind: "tube"; tube: string }
  /** `plate` as plates are compared. */
  | { kind: "vehicle"; plate: string }
  | { kind: "command"; command: string }
  | { kind: "other"; text: string };

export interface State {
  device: Device | null;
  session: Session | null;
  shift: Shift | null;
  desk: Desk;
  entries: readonly StoredEntry[];
  persons: ReadonlyMap<string, PersonCard>;
  tubeCards: ReadonlyMap<string, TubeCard>;
  /** When each person whom the feed does not hold was asked for, Unix ms. */
  askedAt: ReadonlyMap<string, number>;
  /** Cards and own entries together, of the shift's facility. */
  tubes: Tubes;
  scanned: Scanned | null;
  notice: Notice | null;
  /** Grows with each scan or act, so that the same notice twice is heard twice. */
  heard: { count: number; tone: Notice["tone"] };
  line: LineState;
  /** The node knows this device no longer as one of the province's. */
  isRevoked: boolean;
  /** The node said at a sign-in that it does not know this device. */
  isForgotten: boolean;
  /** The form for a new code is asked for. */
  isEnrollingAgain: boolean;
  /** The cards of a new beginning are still coming: what is not here may yet be known. */
  isFilling: boolean;
  /** The node no longer takes the token: work goes on, the officer signs in again when there is time. */
  isTokenRefused: boolean;
  /** The node was reached but would not take what was sent. */
  isStuck: boolean;
  /** The officer declares for somebody without a phone. */
  isDeclaring: boolean;
  /** The officer has asked for the sign-in form during the shift. */
  isSigningInAgain: boolean;
  /** The badge that was scanned: whose PIN is asked for. */
  badge: string | null;
  now: number;
  isClockDoubtful: boolean;
  /** By how much this computer's clock is ahead of the node's (ms), or null while nobody has measured. */
  clockSkew: number | null;
}

const INITIAL: State = {
  device: null,
  session: null,
  shift: null,
  desk: EMPTY_DESK,
  entries: [],
  persons: new Map(),
  tubeCards: new Map(),
  askedAt: new Map(),
  tubes: new Map(),
  scanned: null,
  notice: null,
  heard: { count: 0, tone: "accepted" },
  line: "trying",
  isRevoked: false,
  isForgotten: false,
  isEnrollingAgain: false,
  isFilling: false,
  isTokenRefused: false,
  isStuck: false,
  isDeclaring: false,
  isSigningInAgain: false,
  badge: null,
  now: 0,
  isClockDoubtful: true,
  clockSkew: null,
};

interface Held {
  persons: Map<string, PersonCard>;
  tubeCards: Map<string, TubeCard>;
  askedAt: Map<string, number>;
}

function layCard(card: Card, { persons, tubeCards, askedAt }: Held): void {
  if (card.kind === "person") {
    if (card.body) persons.set(card.id, card.body);
    else persons.delete(card.id);
    if (card.asked_at === undefined) askedAt.delete(card.id);
    else askedAt.set(card.id, card.asked_at);
  } else if (card.body) tubeCards.set(card.id, card.body);
  else tubeCards.delete(card.id);
}

/** The state with cards that came laid over those already known, and without those that were forgotten. */
export function withNews(state: State, news: CardNews): Pick<State, keyof Held> {
  const persons = new Map(news.isBeginning ? [] : state.persons);
  const tubeCards = new Map(news.isBeginning ? [] : state.tubeCards);
  const askedAt = new Map(news.isBeginning ? [] : state.askedAt);
  for (const card of news.cards) layCard(card, { persons, tubeCards, askedAt });
  for (const [kind, id] of news.forgotten) {
    (kind === "person" ? persons : tubeCards).delete(id);
    if (kind === "person") askedAt.delete(id);
  }
  return { persons, tubeCards, askedAt };
}

/** Where this station has stood, the posts of the last sign-in and the one of the shift; and the tests in use. */
function registersOf({ session, shift }: State): Registers {
  const sites = new Map(session?.sites.flatMap(({ code, posts }) => posts.map(({ id }) => [id, code] as const)));
  if (shift) sites.set(shift.post, shift.site);
  const methods = new Map(session?.tests.map(({ id, method }) => [id, method]));
  if (shift?.testing) methods.set(shift.testing.test, shift.testing.method);
  return { siteOf: (post) => sites.get(post) ?? "", methodOf: (test) => methods.get(test) ?? "" };
}

function overlaid(state: State): Tubes {
  if (!state.shift) return new Map();
  return overlayTubes(state.shift.facility, [...state.tubeCards.values()], state.entries, registersOf(state));
}

/** What whoever is at work does at the post of the shift, by their last sign-in. */
export function worksOf({ session, shift }: Pick<State, "session" | "shift">): Works {
  if (!shift || shift.staff.id !== session?.staff.id) return NO_WORK;
  return worksAt(session.sites.find(({ code }) => code === shift.site), shift.post);
}

/** What an act on the desk depends on. */
export function worldOf({ shift, session, tubes, persons, isRevoked, now }: State): World {
  const { facility, site, post } = shift ?? { facility: "", site: "", post: "" };
  const testing = { testing: shift?.testing ?? null, choices: choices(session?.tests ?? []) };
  const works = worksOf({ session, shift });
  return { place: { facility, site, post }, tubes, persons, ...testing, works, now, isRevoked };
}

export class Holder {
  state: State = INITIAL;
  private readonly listeners = new Set<(state: State) => void>();

  listen(listener: (state: State) => void): void {
    this.listeners.add(listener);
    listener(this.state);
  }

  change(patch: Partial<State>): void {
    const next = { ...this.state, ...patch };
    if ("entries" in patch || "tubeCards" in patch || "shift" in patch) next.tubes = overlaid(next);
    this.state = next;
    for (const listener of this.listeners) listener(next);
  }
}
