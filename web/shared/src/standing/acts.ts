/** What happened to tubes and people, as the rules of what stands read it: twin of `domain/standing/acts.py`. */
import type { Span, Window } from "./times.ts";

/** How a sample is tested; a register of tests names what a department uses of each. */
export type Method = "ag_rapid" | "rt_pcr";

/** A later sample closes what an earlier one left open only by a method at least as sensitive (field rule A9). */
export const SENSITIVITY: Readonly<Record<Method, number>> = { ag_rapid: 1, rt_pcr: 2 };

/** What one reading of a test says; `read_late` says nothing, save whether a line was seen. */
export type Value = "negative" | "positive" | "invalid" | "inconclusive" | "read_late";

/** Whose swabs went into a tube, when, and for which test; without `window` the test is read at any time. */
export interface Sampling {
  readonly tube: string;
  readonly people: readonly string[];
  readonly method: Method;
  readonly at: Span;
  readonly window?: Window | undefined;
  readonly isHousehold?: boolean | undefined;
  readonly isDisputed?: boolean | undefined;
  readonly isWithdrawn?: boolean | undefined;
}

/**
 * What was said of one test of one tube: a reading, or a correction of what was said before it.
 *
 * `lineSeen` belongs to a line that was read late. `isAfterTelling` marks a correction of what the person had already
 * been told: it has no effect until the CDC rules. Of a word, as of a sampling, `isDisputed` says that a mark lets no
 * paper rest on it, `isWithdrawn` that it was taken back: then it is as if it had not been, but no withdrawal removes
 * what warns, nor the sampling under it.
 */
export interface Word {
  readonly tube: string;
  readonly method: Method;
  readonly value: Value;
  readonly at: Span;
  readonly isCorrection?: boolean | undefined;
  readonly lineSeen?: boolean | undefined;
  readonly isAfterTelling?: boolean | undefined;
  readonly isDisputed?: boolean | undefined;
  readonly isWithdrawn?: boolean | undefined;
}

/** Whether a word may mean that somebody is positive: a positive, or a line seen too late. */
export function warns(word: Word): boolean {
  return word.value === "positive" || (word.value === "read_late" && word.lineSeen === true);
}

/** When it counts: what warns at its latest possible time, all else at its earliest. */
export function countsFrom(word: Word): number {
  return warns(word) ? word.at.latest : word.at.earliest;
}

/** Whether both say the same. */
export function agree(one: Word, other: Word): boolean {
  return one.value === other.value && warns(one) === warns(other);
}

/** A second account of the facility signs the last correction before it. */
export interface Countersignature {
  readonly tube: string;
  readonly method: Method;
  readonly at: number;
}

/** How a physician of the CDC closes a follow-up (field rule A4). */
export type Outcome =
  "not_confirmed" | "recovered" | "isolation_completed" | "transferred" | "died" | "other";

/** A follow-up of a person was closed; it speaks of what was known by then. */
export interface Closing {
  readonly person: string;
  readonly outcome: Outcome;
  readonly at: number;
  /** The tests that were known, by the names of their runs; absent where that is everything said by then. */
  readonly considered?: readonly string[];
}

/** Say whether a closing speaks of a test that has been known since `knownAt` (ms). */
export function speaksOf(closing: Closing, run: string, knownAt: number): boolean {
  return closing.at >= knownAt && (closing.considered === undefined || closing.considered.includes(run));
}

/** Whether there was nothing after all; any other outcome ends a case that was one. */
export function takesAway(closing: Closing): boolean {
  return closing.outcome === "not_confirmed";
}

/** People who were in one vehicle. */
export interface Company {
  readonly people: readonly string[];
  readonly at: number;
}

/** A person said at `at` that these registrations are one person, or that they are not (`isOne` false). */
export interface Link {
  readonly people: readonly string[];
  readonly isOne: boolean;
  readonly at: number;
}
