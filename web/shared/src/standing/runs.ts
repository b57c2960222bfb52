/** What one test of one tube says, from all that was said of it: twin of `domain/standing/runs.py`. */
import { SENSITIVITY, warns, type Countersignature, type Method, type Sampling, type Value, type Word } from "./acts.ts";
import { chainsOf, earlyCorrections, type Chain } from "./chains.ts";
import { distinct, inOrder, type Key } from "./order.ts";
import { holds, type Span, type Window } from "./times.ts";

/**
 * One test of one tube, as it stands.
 *
 * `isPool` where several people share the tube. `value` is undefined while nobody knows. `known` is since when it
 * counts: the reading, whatever was corrected since; `saidAt` is when the value that stands was first said. `isDisputed`
 * where what was said differs, or rests on what a mark disputes: a lead decides. `warns` where a positive, or a line
 * seen too late, is among what is said, disputed or not; `isLineOnly` where no positive is. `isInWindow` where it was
 * read in time. `negativeSince` is when the first of those was read in time that say negative, `wasNegativeSince` the
 * first of those that said it and were corrected; undefined where there are none. That a negative was taken back and
 * entered again restarts neither's clock. `isAnswered` where it says nothing of anybody and another test of the same tube
 * does.
 */
export interface Run {
  readonly tube: string;
  readonly method: Method;
  readonly people: ReadonlySet<string>;
  readonly isPool: boolean;
  readonly sampled: Span;
  readonly value?: Value | undefined;
  readonly known?: Span | undefined;
  readonly saidAt?: number;
  readonly isDisputed: boolean;
  readonly warns: boolean;
  readonly isInWindow: boolean;
  readonly isLineOnly: boolean;
  readonly negativeSince?: Span | undefined;
  readonly wasNegativeSince?: Span | undefined;
  readonly isAnswered?: boolean;
}

/** Whether each of its people is negative by it: by an own sample or a share of a negative pool. */
export function isOwnNegative(run: Run): boolean {
  return run.value === "negative" && !run.isDisputed && run.isInWindow;
}

/** Whether its one person is, or by what is disputed may be, positive; the window takes no positive away. */
export function isOwnPositive(run: Run): boolean {
  return run.warns && !run.isPool && !run.isLineOnly;
}

/** From when its paper counts: the earliest of the readings that agree. */
export function paperSince(run: Run): Span | undefined {
  return run.negativeSince ?? run.wasNegativeSince;
}

/** Whether it is each of its people's own result, and certain. */
export function isConclusive(run: Run): boolean {
  return isOwnNegative(run) || (isOwnPositive(run) && !run.isDisputed);
}

/** Whether it was negative outside the window, so that the test must be done again. */
export function asksAgain(run: Run): boolean {
  return run.value === "negative" && !run.isDisputed && !run.isInWindow;
}

/** Whether its people must be sampled again: it is certain, and says nothing of anybody. */
export function needsAgain(run: Run): boolean {
  return run.value !== undefined && !run.isDisputed && !isConclusive(run) && run.isAnswered !== true;
}

/** The least sensitive method that can answer it: after a line that was seen too late, RT-PCR. */
export function neededMethod(run: Run): Method {
  return run.isLineOnly ? "rt_pcr" : run.method;
}

/** Whether it warns of each of its people without saying who: a positive pool, or a line seen too late. */
export function warnsOfEach(run: Run): boolean {
  return run.warns && !isOwnPositive(run);
}

/**
 * Whether another test of the same tube answers a run, so that nobody is sampled again for it: the sample is in a
 * result at least as sensitive (field rule A9). It never answers what warns, nor what was read late (field rule A5).
 */
function isAnsweredBy(run: Run, other: Run): boolean {
  const isAsking = needsAgain(run) && !run.warns && run.value !== "read_late";
  return isAsking && isConclusive(other) && SENSITIVITY[other.method] >= SENSITIVITY[run.method];
}

/**
 * What each test of one tube says; all that is given is of that tube.
 *
 * A tube that was filled twice is disputed for everybody in it; one whose every filling was taken back says nothing.
 * The test that it was filled for is there from the beginning, others once something is said of them.
 */
export function runsOf(
  samplings: readonly Sampling[],
  words: readonly Word[],
  countersignatures: readonly Countersignature[] = [],
): Run[] {
  const said = words.filter(counts);
  const kept = isWarned(said, countersignatures) ? keptOf(samplings) : [];
  const filled = inOrder(samplings.filter((each) => !each.isWithdrawn || kept.includes(each)), byTime);
  const [first] = filled;
  if (first === undefined) return [];
  const people = new Set(filled.flatMap((each) => each.people));
  const run: Run = {
    tube: first.tube,
    method: first.method,
    people,
    isPool: people.size > 1,
    sampled: first.at,
    isDisputed: filled.length > 1 || filled.some((each) => each.isDisputed),
    warns: false,
    isInWindow: true,
    isLineOnly: false,
  };
  const runs = methodsOf([...said, first]).map((method) =>
    read(
      { ...run, method },
      ofMethod(words, method),
      ofMethod(countersignatures, method),
      method === first.method ? first.window : undefined,
    ),
  );
  return runs.map((each) => ({ ...each, isAnswered: runs.some((other) => isAnsweredBy(each, other)) }));
}

/** Which of those that were taken back stand under what warns: of whom no other sampling of the tube is. */
function keptOf(samplings: readonly Sampling[]): Sampling[] {
  const stand = new Set(samplings.filter((each) => !each.isWithdrawn).map(whose));
  return samplings.filter((each) => each.isWithdrawn && !stand.has(whose(each)));
}

function whose({ people, isHousehold }: Sampling): string {
  return JSON.stringify([isHousehold === true, inOrder([...new Set(people)], (name) => name)]);
}

function counts(word: Word): boolean {
  return !word.isWithdrawn || warns(word);
}

/** Samplings of one tube in order, the same whatever came first. */
function byTime({ at, people, method, window }: Sampling): Key {
  const minutes = window === undefined ? [] : [window.earliest, window.latest];
  return [at.earliest, at.latest, inOrder([...new Set(people)], (name) => name), method, minutes];
}

function methodsOf(all: readonly { readonly method: Method }[]): Method[] {
  return inOrder(distinct(all.map(({ method }) => method), (method) => method), (method) => method);
}

function ofMethod<T extends { readonly method: Method }>(all: readonly T[], method: Method): T[] {
  return all.filter((each) => each.method === method);
}

/** Whether any test of the tube says positive, or that a line was seen too late. */
function isWarned(words: readonly Word[], countersignatures: readonly Countersignature[]): boolean {
  return methodsOf(words).some((method) => {
    const said = ofMethod(words, method);
    const chains = chainsOf(said, ofMethod(countersignatures, method));
    return [...chains.map(({ stands }) => stands), ...earlyCorrections(said)].some(warns);
  });
}

/** Let what was said of this test speak. */
function read(
  run: Run,
  ever: readonly Word[],
  countersignatures: readonly Countersignature[],
  window: Window | undefined,
): Run {
  const words = ever.filter(counts);
  if (words.length === 0) return run;
  const takenBack = negatives(run, ever.filter((word) => !counts(word)), window);
  const early = earlyCorrections(words);
  const chains = chainsOf(words, countersignatures);
  const inTime = chains.filter(({ reading }) => window === undefined || holds(window, run.sampled, reading.at));
  const speaking = speakingOf(chains, inTime);
  const said = [...early, ...speaking.map(({ stands }) => stands)];
  const warning = said.filter(warns);
  const positive = warning.filter(({ value }) => value === "positive");
  const gravest = [positive, warning, said].find((each) => each.length > 0) ?? [];
  return {
    ...run,
    value: speaking.map(({ stands }) => stands.value)[0],
    known: firstReading(speaking),
    saidAt: Math.min(...gravest.map(({ at }) => at.latest)),
    isDisputed: run.isDisputed || words.some((word) => word.isDisputed) || early.length > 0 || differ(speaking, run),
    warns: warning.length > 0,
    isLineOnly: warning.length > 0 && positive.length === 0,
    isInWindow: inTime.length > 0,
    negativeSince: since(inTime.filter(({ stands }) => stands.value === "negative"), takenBack),
    wasNegativeSince: since(inTime.filter((each) => each.wasNegative), takenBack),
  };
}

/** When those were read in time that said negative and were taken back. */
function negatives(run: Run, takenBack: readonly Word[], window: Window | undefined): Span[] {
  return chainsOf(takenBack, [])
    .filter(({ stands, wasNegative }) => wasNegative || stands.value === "negative")
    .map(({ reading }) => reading.at)
    .filter((at) => (window === undefined || holds(window, run.sampled, at)) && at.latest >= run.sampled.earliest);
}

/** The earliest reading, be it one that was taken back; undefined where nothing is said now. */
function since(chains: readonly Chain[], takenBack: readonly Span[]): Span | undefined {
  const said = chains.map(({ reading }) => reading.at);
  return said.length > 0 ? inOrder([...said, ...takenBack], ({ earliest, latest }) => [earliest, latest])[0] : undefined;
}

function firstReading(chains: readonly Chain[]): Span | undefined {
  return chains.map(({ reading }) => reading.at)[0];
}

/** What was read in time or warns; all of it where nothing is. */
function speakingOf(chains: readonly Chain[], inTime: readonly Chain[]): readonly Chain[] {
  const speaking = chains.filter((each) => inTime.includes(each) || warns(each.stands));
  return speaking.length > 0 ? speaking : chains;
}

/** Whether readings say different things, or one was there before its sampling. */
function differ(speaking: readonly Chain[], run: Run): boolean {
  const isBeforeSampling = speaking.some(({ reading }) => reading.at.latest < run.sampled.earliest);
  return isBeforeSampling || new Set(speaking.map(({ stands }) => stands.value)).size > 1;
}
