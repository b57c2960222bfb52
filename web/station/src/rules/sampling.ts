/**
 * Which sample may be taken of somebody now: the card's word, and what this station has found since (field rules A1, A4,
 * A7, A9). Nobody who stands as positive is ever proposed for a rapid sample.
 */
import { type PersonCard, type Sampling, SAMPLINGS } from "./cards.ts";
import type { TubeView } from "./tubeView.ts";

export type { Sampling } from "./cards.ts";

/** What a card says that bears on the next sample. */
export type Told = Pick<PersonCard, "sampling" | "symptoms" | "exposures">;

/** Whoever was with somebody ill is sampled alone; to have been in an area is no reason: there every driver has been. */
const CONTACTS: ReadonlySet<string> = new Set(["contact_case", "contact_symptomatic"]);

const gravest = (...all: Sampling[]): Sampling =>
  all.reduce((most, each) => (SAMPLINGS.indexOf(each) > SAMPLINGS.indexOf(most) ? each : most), "any");

/** What one tube asks of each of its people. */
function askedBy(tube: TubeView): Sampling {
  const { value } = tube;
  const isPcr = tube.testType === "rt_pcr";
  if (tube.state !== "resulted" || value === null || value === "negative") return "any";
  if (isOwnPositive(tube)) return isPcr ? "none" : "rt_pcr";
  return isPcr || (value === "read_late" && tube.lineSeen === true) ? "rt_pcr" : "single";
}

const isOwnPositive = ({ value, pooled }: TubeView): boolean => value === "positive" && !pooled;

/** Whether it says of one person what they are. */
const isOwnResult = (tube: TubeView): boolean =>
  tube.state === "resulted" && !tube.pooled && !tube.asksAgain && (tube.value === "negative" || isOwnPositive(tube));

/** A later sample of the person's own, by a method sensitive enough, answers what an earlier tube asked. */
function isAnsweredBy(asked: Sampling, tube: TubeView, later: TubeView): boolean {
  if (asked === "none" || !isOwnResult(later)) return false;
  const isLater = (later.sampledAt ?? 0) > (tube.sampledAt ?? 0);
  return isLater && (asked === "single" || later.testType === "rt_pcr");
}

/** A tube, and what it asks of each of its people. */
export interface Found {
  tube: TubeView;
  asks: Sampling;
}

/** What this station knows and the card does not yet: the tube that asks most of its person, or null. */
export function foundHere(tubes: readonly TubeView[], hasCard: boolean): Found | null {
  let found: Found | null = null;
  for (const tube of tubes) {
    const asks = tube.isAhead || !hasCard ? askedBy(tube) : "any";
    const isOpen = asks !== "any" && !tubes.some((later) => isAnsweredBy(asks, tube, later));
    if (isOpen && (found === null || gravest(asks, found.asks) !== found.asks)) found = { tube, asks };
  }
  return found;
}

/** Whether the sample for RT-PCR that somebody needs is taken already. */
export const isTaken = (tube: TubeView | null): boolean => tube?.state === "waiting" && tube.testType === "rt_pcr";

export function samplingOf(card: Told | null, tubes: readonly TubeView[]): Sampling {
  const isUnwell = card !== null && (card.symptoms.length > 0 || card.exposures.some((each) => CONTACTS.has(each)));
  return gravest(card?.sampling ?? "any", foundHere(tubes, card !== null)?.asks ?? "any", isUnwell ? "single" : "any");
}
