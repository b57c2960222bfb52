/** What stands for one person: state, papers and what is ordered; twin of `domain/standing/person.py`. */
import { SENSITIVITY } from "./acts.ts";
import { inOrder } from "./order.ts";
import {
  contactsFrom,
  hasLaterResult,
  isAfter,
  positivesOf,
  SPEAKS,
  spokeAt,
  type Person,
  type Positive,
} from "./positives.ts";
import type { RuleSet } from "./rules.ts";
import { asksAgain, isOwnNegative, neededMethod, needsAgain, warnsOfEach, type Run } from "./runs.ts";

/** What stands for a person, the gravest last: of several that hold, the last one is said. */
export const STATES = [
  "none",
  "waiting",
  "repeat",
  "negative",
  "contact",
  "recollect",
  "screening_positive",
  "positive",
  "disputed",
] as const;
export type State = (typeof STATES)[number];

/** What becomes of the paper of a negative: one that is `withheld` is not given, and suspended where it was. */
export type PaperState = "stands" | "withheld" | "suspended" | "revoked";

/** What must be done for a person. */
export type Order = "rt_pcr" | "recollection";

/** The paper of one negative test. */
export interface Paper {
  readonly run: Run;
  readonly state: PaperState;
}

/** What stands for a person; papers in the order of sampling. */
export interface Standing {
  readonly state: State;
  readonly papers: readonly Paper[];
  readonly order: Order | null;
}

/**
 * All that bears on a person, sorted out.
 *
 * `own` and `beside` are positives of the person and of companions; `alike` is what the same person may have under
 * another registration; `open` are tests that must be done again, `warnings` those of them after which one in the tube
 * may be positive.
 */
interface Case {
  readonly runs: readonly Run[];
  readonly own: readonly Positive[];
  readonly beside: readonly Positive[];
  readonly alike: readonly Positive[];
  readonly open: readonly Run[];
  readonly warnings: readonly Run[];
}

/**
 * What stands for a person by `rules`, beside companions, and beside people who may be the same.
 *
 * `alike` are linked by machine: what they have may warn and take away, and never gives, closes or shows anything.
 */
export function stand(
  person: Person,
  rules: RuleSet,
  company: readonly Person[] = [],
  alike: readonly Person[] = [],
): Standing {
  const sorted = sortedOut(person, rules, company, alike);
  const found = person.runs.flatMap((run) => papersOf(run, sorted));
  const papers = inOrder(found, ({ run }) => [run.sampled.earliest, run.tube, run.method]);
  const holding = holdingStates(sorted, papers);
  return { state: STATES.findLast((state) => holding[state]) ?? "none", papers, order: orderOf(sorted) };
}

function sortedOut(
  person: Person,
  rules: RuleSet,
  company: readonly Person[],
  alike: readonly Person[],
): Case {
  const warnings = [person, ...alike].flatMap((each) =>
    each.runs.filter((run) => warnsOfEach(run) && isOpen(run, each)),
  );
  return {
    runs: person.runs,
    own: positivesOf(person, rules),
    beside: contactsFrom(person, company, rules),
    alike: alike.flatMap((each) => positivesOf(each, rules)),
    open: person.runs.filter((run) => needsAgain(run) && isOpen(run, person)),
    warnings: rules.poolSuspends ? warnings : [],
  };
}

function isOpen(run: Run, person: Person): boolean {
  return !hasLaterResult(person.runs, run, neededMethod(run));
}

/** The paper of a test, where it ever said negative in time. */
function papersOf(run: Run, sorted: Case): Paper[] {
  if (isOwnNegative(run)) return [{ run, state: stateOf(run, sorted) }];
  if (run.isDisputed && run.negativeSince) return [{ run, state: "suspended" }];
  return run.wasNegativeSince ? [{ run, state: "revoked" }] : [];
}

/** What becomes of the paper of a negative: none is given after a positive, none before it stays in use. */
function stateOf(run: Run, sorted: Case): PaperState {
  if (isWithheld(run, sorted)) return "withheld";
  const isOlder = [...positives(sorted), ...sorted.beside].some((each) => isAfter(each, run));
  const isWarned = sorted.warnings.some((each) => run.sampled.earliest <= each.sampled.latest);
  return isOlder || isWarned ? "suspended" : "stands";
}

/** Whether it was sampled when a positive spoke already that it cannot answer. */
function isWithheld(run: Run, sorted: Case): boolean {
  if (positives(sorted).some((each) => spokeAt(each, run))) return true;
  if (run.method === "ag_rapid" && sorted.beside.some((each) => !isAfter(each, run))) return true;
  return sorted.warnings.some(
    (each) =>
      run.sampled.earliest > each.sampled.latest &&
      SENSITIVITY[run.method] < SENSITIVITY[neededMethod(each)],
  );
}

/** What the person is, or may be, positive by. */
function positives(sorted: Case): Positive[] {
  return [...sorted.own, ...sorted.alike];
}

/** Of every state whether it holds. */
function holdingStates(sorted: Case, papers: readonly Paper[]): Record<State, boolean> {
  const speaking = sorted.own.filter((each) => each.end === SPEAKS);
  const maySpeak = sorted.alike.some((each) => each.end === SPEAKS);
  return {
    none: true,
    waiting: sorted.runs.some((run) => run.value === undefined),
    repeat: sorted.open.length > 0,
    negative: papers.some((paper) => paper.state === "stands"),
    contact: sorted.beside.length > 0,
    recollect: sorted.open.some((run) => !asksAgain(run)),
    screening_positive: speaking.length > 0,
    positive: speaking.some((each) => each.isCase),
    disputed: maySpeak || sorted.runs.some((run) => run.isDisputed),
  };
}

/** What must be done: nothing more is taken from a case (field rule A4). */
function orderOf(sorted: Case): Order | null {
  const speaking = sorted.own.filter((each) => each.end === SPEAKS && !each.run.isDisputed);
  if (speaking.some((each) => each.isCase)) return null;
  const hasContacts = sorted.beside.some(
    (each) => !each.run.isDisputed && !hasLaterResult(sorted.runs, each.run, "rt_pcr"),
  );
  const hasLine = sorted.open.some((run) => run.isLineOnly);
  if (speaking.length > 0 || hasContacts || hasLine) return "rt_pcr";
  return sorted.open.length > 0 ? "recollection" : null;
}
