/** Readings of one test and what corrections make of them: twin of `domain/standing/chains.py`. */
import { agree, countsFrom, warns, type Countersignature, type Word } from "./acts.ts";
import { inOrder } from "./order.ts";

/** A reading, what stands of it, and whether a negative of it was given and then corrected. */
export interface Chain {
  readonly reading: Word;
  readonly stands: Word;
  readonly wasNegative: boolean;
}

/**
 * What stands of each reading of one test, the first reading first.
 *
 * A correction says of the last reading before it that differs from it, that this was wrong.
 */
export function chainsOf(words: readonly Word[], countersignatures: readonly Countersignature[]): Chain[] {
  const ordered = inOrder(words, ({ at, value, lineSeen }) => [at.earliest, at.latest, value, lineSeen === true]);
  const readings = ordered.filter((word) => !word.isCorrection);
  const corrections = inOrder(
    ordered.filter((word) => word.isCorrection),
    (word) => [countsFrom(word)],
  );
  const signed = new Set(countersignatures.map((each) => signedBy(each, corrections)));
  const chains = new Map(readings.map((word): [Word, Chain] => [word, { reading: word, stands: word, wasNegative: false }]));
  for (const correction of corrections) {
    const before = [...chains.values()].filter(({ reading }) => mayMean(correction, reading));
    const meant = before.findLast(({ stands }) => !agree(stands, correction));
    if (meant !== undefined) chains.set(meant.reading, correctedBy(meant, correction, signed.has(correction)));
  }
  return [...chains.values()];
}

/** The corrections of readings that are not here: nobody knows what they make of them. */
export function earlyCorrections(words: readonly Word[]): Word[] {
  const readings = words.filter((word) => !word.isCorrection);
  return words.filter((word) => word.isCorrection && !readings.some((reading) => mayMean(word, reading)));
}

/**
 * The chain after a correction.
 *
 * From a positive to anything else it needs a second account, and is possible only until the person has been told:
 * until then the positive stands (field rule A1), and so does a line that was seen too late. What says the same again
 * is no news.
 */
function correctedBy(chain: Chain, correction: Word, isSigned: boolean): Chain {
  const { reading, stands } = chain;
  if (agree(stands, correction)) return chain;
  if (isTakenBackBy(stands, correction) && (correction.isAfterTelling === true || !isSigned)) return chain;
  const wasNegative = chain.wasNegative || (stands.value === "negative" && correction.value !== "negative");
  return { reading, stands: correction, wasNegative };
}

function isTakenBackBy(stands: Word, correction: Word): boolean {
  if (stands.value === "positive") return correction.value !== "positive";
  return warns(stands) && !warns(correction);
}

function mayMean(correction: Word, reading: Word): boolean {
  return reading.at.earliest <= correction.at.latest;
}

/** A countersignature names a correction; where it does not say which, it is the last one before it. */
function signedBy(signature: Countersignature, corrections: readonly Word[]): Word | undefined {
  return corrections.findLast((each) => countsFrom(each) <= signature.at);
}
