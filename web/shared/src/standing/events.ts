/** Reads a history from JSON in the form of `./chotxanh stands` and the vectors: twin of `cli/standing_events.py`. */
import type { Link, Method, Outcome, Sampling, Value, Word } from "./acts.ts";
import { standingIn, until, type History } from "./history.ts";
import type { Order, Paper, PaperState, State } from "./person.ts";
import { JULY_2021, RULE_SETS } from "./rules.ts";
import { paperSince } from "./runs.ts";
import { certain, MINUTE, type Span } from "./times.ts";

/** What happened, with what belongs to each kind; times in ISO 8601, those without an offset are of Viet Nam. */
export interface Event {
  readonly what: string;
  readonly at: string;
  readonly tube?: string;
  readonly test?: string;
  readonly value?: string;
  readonly people?: readonly string[];
  readonly person?: string;
  readonly outcome?: string;
  readonly window?: readonly number[] | null;
  readonly household?: boolean | null;
  readonly line_seen?: boolean | null;
  readonly between?: readonly string[] | null;
  readonly disputed?: boolean;
  readonly withdrawn?: boolean;
  readonly after_telling?: boolean;
}

/** Of whom and for when it is asked what stands, by which rules; what is dated later has not happened yet. */
export interface Question {
  readonly person: string;
  readonly at: string;
  readonly events: readonly Event[];
  readonly rules?: string;
}

/** What stands; times in ISO 8601 with Z. */
export interface Answer {
  readonly state: State;
  readonly certificates: readonly { readonly tube: string; readonly state: string; readonly valid_until: string }[];
  readonly order: Order | null;
}

const HOLDS_FOR = 72 * 60 * MINUTE;
const SHOWN: readonly PaperState[] = ["suspended", "revoked"];
const OUTCOMES: readonly Outcome[] = ["not_confirmed", "recovered", "isolation_completed", "transferred", "died"];

/** What `./chotxanh stands` answers. */
export function answer(question: Question): Answer {
  const at = moment(question.at);
  const rules = RULE_SETS.get(question.rules ?? JULY_2021.code) ?? JULY_2021;
  const { state, papers, order } = standingIn(until(historyOf(question.events), at), question.person, rules);
  const certificates = papers.filter((paper) => paper.state !== "withheld").map((paper) => certificate(paper, at));
  return { state, certificates, order };
}

/** The history that these events tell, in any order. */
export function historyOf(events: readonly Event[]): History {
  const told = (...kinds: readonly string[]): Event[] => events.filter(({ what }) => kinds.includes(what));
  return {
    samplings: told("sampled").map(sampling),
    words: told("result", "corrected").map(word),
    countersignatures: told("countersigned").map(({ tube = "", test, at }) => ({
      tube,
      method: test as Method,
      at: moment(at),
    })),
    closings: told("closed").map(({ person = "", outcome, at }) => ({
      person,
      outcome: OUTCOMES.find((each) => each === outcome) ?? "other",
      at: moment(at),
    })),
    companies: told("vehicle").map(({ people = [], at }) => ({ people, at: moment(at) })),
    links: told("linked", "unlinked").map(link),
  };
}

function sampling(event: Event): Sampling {
  const [earliest, latest] = event.window ?? [];
  return {
    tube: event.tube ?? "",
    people: event.people ?? [],
    method: event.test as Method,
    at: span(event),
    window: earliest === undefined || latest === undefined ? undefined : { earliest, latest },
    isHousehold: event.household === true,
    isDisputed: event.disputed === true,
    isWithdrawn: event.withdrawn === true,
  };
}

function word(event: Event): Word {
  return {
    tube: event.tube ?? "",
    method: event.test as Method,
    value: event.value as Value,
    at: span(event),
    isCorrection: event.what === "corrected",
    lineSeen: event.what === "result" && event.line_seen === true,
    isAfterTelling: event.after_telling === true,
    isDisputed: event.disputed === true,
    isWithdrawn: event.withdrawn === true,
  };
}

function link({ people = [], what, at }: Event): Link {
  return { people, isOne: what === "linked", at: moment(at) };
}

function certificate({ run, state }: Paper, at: number): Answer["certificates"][number] {
  const validUntil = (paperSince(run) ?? run.sampled).earliest + HOLDS_FOR;
  const said = SHOWN.includes(state) ? state : at < validUntil ? "valid" : "expired";
  return { tube: run.tube, state: said, valid_until: new Date(validUntil).toISOString().replace(".000Z", "Z") };
}

/** When it was done: between its bounds, or at the time that it says. */
function span({ at, between }: Event): Span {
  const [earliest, latest] = between ?? [];
  if (earliest === undefined || latest === undefined) return certain(moment(at));
  return { earliest: moment(earliest), latest: moment(latest) };
}

function moment(text: string): number {
  return Date.parse(/(?:Z|[+-]\d{2}:?\d{2})$/i.test(text) ? text : `${text}+07:00`);
}
