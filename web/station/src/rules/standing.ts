/** Where a person stands, as one state with its sign and words: the card and this station's own tubes together. */
import type { Sentence } from "../language.ts";
import type { LastResult, PersonCard } from "./cards.ts";
import type { PersonView, TubeView } from "./overlay.ts";
import { type Found, isTaken } from "./sampling.ts";
import { fullTime, instant, shortTime } from "./time.ts";

/** `plain` is an ordinary card with a task: a positive is not a colour. */
export type Sign = "valid" | "over" | "wait" | "unknown" | "plain";

export interface Standing extends Sentence {
  sign: Sign;
}

/** The time (Unix ms), and whether it is in doubt. */
interface Clock {
  now: number;
  isDoubtful: boolean;
}

/** Of a case every station says one neutral line, and the lead whom to call (field rule A4). */
const CASE: Standing = { sign: "plain", key: "standing.case" };
/** What a registration that may be the same person's is found to be is told to nobody (A1 of the person's own aside). */
const SAME: Standing = { sign: "wait", key: "standing.may_be_same" };

function ofTube(tube: TubeView, now: number): Standing {
  const time = shortTime(tube.resultedAt ?? tube.sampledAt ?? now, now);
  if (tube.state === "disputed") return { sign: "wait", key: "standing.disputed" };
  if (tube.state === "waiting") return { sign: "wait", key: "standing.waiting", params: { time, tube: tube.tube } };
  if (tube.value === "negative" && !tube.asksAgain) return { sign: "wait", key: "standing.negative_provisional", params: { time } };
  if (tube.value === "positive" && !tube.pooled) return { sign: "plain", key: "standing.positive" };
  return { sign: "plain", key: "standing.recollect" };
}

function ofNegative(result: LastResult, { now, isDoubtful }: Clock): Standing {
  const until = instant(result.valid_until);
  if (until === null) {
    const time = shortTime(instant(result.resulted_at) ?? now, now);
    const key = result.has_certificate ? "standing.no_rule" : "standing.negative_provisional";
    return { sign: "wait", key, params: { time } };
  }
  // By a clock in doubt the day is in doubt too.
  if (isDoubtful) return { sign: "wait", key: "standing.valid_doubtful", params: { until: fullTime(until) } };
  const params = { until: shortTime(until, now) };
  return until > now
    ? { sign: "valid", key: "standing.valid", params }
    : { sign: "over", key: "standing.over", params };
}

/** Whether this station knows more about the tube than the card's last result does: a later sample, or a correction. */
function isNewer(tube: TubeView, last: LastResult | null | undefined): boolean {
  const sampledAt = instant(last?.sampled_at);
  const resultedAt = instant(last?.resulted_at);
  if (sampledAt === null || resultedAt === null || tube.sampledAt === null) return true;
  if (tube.state !== "resulted") return tube.sampledAt >= sampledAt;
  return tube.sampledAt > sampledAt || (tube.resultedAt ?? 0) > resultedAt;
}

function ofResult(card: PersonCard, clock: Clock): Standing {
  const last = card.last_result;
  if (last?.value === "negative") return ofNegative(last, clock);
  const isPositive = last?.value === "positive" || card.state === "positive";
  return { sign: "plain", key: isPositive ? "standing.positive" : "standing.none" };
}

function ofCard(card: PersonCard | null, clock: Clock): Standing {
  if (!card) return { sign: "plain", key: "standing.none" };
  if (card.state === "withheld") return { sign: "unknown", key: "standing.withheld" };
  if (card.state === "recollect") return { sign: "plain", key: "standing.recollect" };
  return card.state === "sampled" ? { sign: "wait", key: "standing.sampled" } : ofResult(card, clock);
}

/** What neither a later rapid test nor this station's own word takes away: only the province does. */
const DECIDED: Readonly<Partial<Record<PersonCard["state"], Standing>>> = {
  disputed: { sign: "wait", key: "standing.disputed" },
  positive: { sign: "plain", key: "standing.positive" },
  contact: { sign: "plain", key: "standing.contact" },
};

/** Whether the sample that was asked for is taken. */
function isBeingAnswered({ tube, asks }: Found, latest: TubeView | null): boolean {
  if (latest?.state !== "waiting" || (latest.sampledAt ?? 0) <= (tube.sampledAt ?? 0)) return false;
  return asks === "single" || isTaken(latest);
}

/** What is not for this station to weigh, or null. */
function decided({ card, sampling }: PersonView): Standing | null {
  if (sampling === "none") return CASE;
  if (card?.may_be_same) return SAME;
  return (card && DECIDED[card.state]) ?? null;
}

/** Until when a paper holds is not weighed by a clock in doubt: the officer reads it by another one. */
export function standing(person: PersonView, now: number, isDoubtful = false): Standing {
  const { card, tube, found } = person;
  const known = decided(person);
  if (known) return known;
  if (found && !isBeingAnswered(found, tube)) return ofTube(found.tube, now);
  return tube && isNewer(tube, card?.last_result) ? ofTube(tube, now) : ofCard(card, { now, isDoubtful });
}
