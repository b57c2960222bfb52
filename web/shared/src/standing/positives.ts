/** A person's positives: what each is by the rules, and whether it still speaks; twin of `domain/standing/positives.py`. */
import { SENSITIVITY, speaksOf, takesAway, type Closing, type Method } from "./acts.ts";
import { isMetBy, type Ending, type RuleSet } from "./rules.ts";
import { isConclusive, isOwnNegative, isOwnPositive, type Run } from "./runs.ts";

/** Whether a positive still speaks, has come to an end, or was taken away as a false alarm; the last that holds counts. */
export const SPEAKS = 0;
export const ENDED = 1;
export const LIFTED = 2;
export type End = typeof SPEAKS | typeof ENDED | typeof LIFTED;

/**
 * One identity group: all its tests, and the follow-ups that were closed.
 *
 * Of a companion `metAt` is when the two were together; undefined where that is not known.
 */
export interface Person {
  readonly runs: readonly Run[];
  readonly closings: readonly Closing[];
  readonly metAt?: number | undefined;
}

/** Whether a later sample has an own result by a method at least as sensitive (field rule A9). */
export function hasLaterResult(runs: readonly Run[], run: Run, least: Method): boolean {
  return runs.some(
    (each) =>
      isConclusive(each) &&
      SENSITIVITY[each.method] >= SENSITIVITY[least] &&
      each.sampled.earliest > run.sampled.latest,
  );
}

/**
 * An own positive: a case or a screening by the rules, since when it is known, and whether it speaks.
 *
 * `endedAt` is when it came to an end; undefined while it speaks.
 */
export interface Positive {
  readonly run: Run;
  readonly isCase: boolean;
  readonly knownAt: number;
  readonly end: End;
  readonly endedAt?: number | undefined;
}

/** Whether a negative was sampled up to this positive: at its earliest time, up to the latest of this. */
export function isAfter(positive: Positive, run: Run): boolean {
  return run.sampled.earliest <= positive.run.sampled.latest;
}

/** Whether it had been sampled, and had not ended, when a negative was sampled. */
export function spokeAt(positive: Positive, run: Run): boolean {
  const hasEnded = positive.endedAt !== undefined && positive.endedAt <= run.sampled.earliest;
  return !isAfter(positive, run) && !hasEnded;
}

/** A person's own positives that were not taken away. */
export function positivesOf(person: Person, rules: RuleSet): Positive[] {
  return person.runs
    .filter(isOwnPositive)
    .map((run) => positiveOf(run, person, rules))
    .filter((each) => each.end !== LIFTED);
}

/**
 * What companions are positive by, as far as it makes this person a contact.
 *
 * A person is a contact until the companion's positive was taken away or the CDC releases the person (field rule A2), of
 * all that was known by then: the positive, and that the two had met. That the companion recovered, moved or died
 * releases nobody; who meets the companion only afterwards is no contact.
 */
export function contactsFrom(person: Person, company: readonly Person[], rules: RuleSet): Positive[] {
  return company.flatMap((companion) =>
    positivesOf(companion, rules).filter((each) => {
      const knownAt = Math.max(each.knownAt, companion.metAt ?? each.knownAt);
      const isReleased = person.closings.some((closing) => speaksOf(closing, each.run.tube, knownAt));
      return !isReleased && !hasEndedBefore(companion.metAt, each);
    }),
  );
}

function hasEndedBefore(metAt: number | undefined, positive: Positive): boolean {
  return metAt !== undefined && positive.endedAt !== undefined && positive.endedAt < metAt;
}

function positiveOf(run: Run, person: Person, rules: RuleSet): Positive {
  const isCase = rules.definesCase.has(run.method);
  const knownAt = run.saidAt ?? run.sampled.latest;
  const endings = isCase ? rules.caseEnds : rules.screeningEnds;
  const ends = [...byTests(run, person, endings), ...byClosings(run, knownAt, person.closings)];
  const end = Math.max(SPEAKS, ...ends.map((each) => each.end)) as End;
  return { run, isCase, knownAt, end, endedAt: ends.length > 0 ? Math.min(...ends.map(({ at }) => at)) : undefined };
}

interface Ended {
  readonly end: End;
  readonly at: number;
}

/** Compare sampling times, never a clock: a negative at its earliest, the positive at its latest. */
function byTests(run: Run, person: Person, endings: readonly Ending[]): Ended[] {
  return endings.flatMap((ending) =>
    person.runs
      .filter((each) => each.method === ending.method && isOwnNegative(each))
      .map(({ sampled }) => sampled.earliest)
      .filter((at) => isMetBy(ending, at - run.sampled.latest))
      .map((at) => ({ end: ending.isLifted ? LIFTED : ENDED, at })),
  );
}

/** A closing speaks of what was known by then. */
function byClosings(run: Run, knownAt: number, closings: readonly Closing[]): Ended[] {
  return closings
    .filter((each) => speaksOf(each, run.tube, knownAt))
    .map((each) => ({ end: takesAway(each) ? LIFTED : ENDED, at: each.at }));
}
