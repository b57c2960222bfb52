/** A whole history, in any order, and what stands for anybody in it: twin of `domain/standing/history.py`. */
import type { Closing, Company, Countersignature, Link, Sampling, Word } from "./acts.ts";
import { distinct, inOrder, type Key } from "./order.ts";
import { stand, type Standing } from "./person.ts";
import type { Person } from "./positives.ts";
import type { RuleSet } from "./rules.ts";
import { runsOf, type Run } from "./runs.ts";

/** Everything that happened; the order within each kind says nothing, and repetition adds nothing. */
export interface History {
  readonly samplings: readonly Sampling[];
  readonly words: readonly Word[];
  readonly countersignatures: readonly Countersignature[];
  readonly closings: readonly Closing[];
  readonly companies: readonly Company[];
  readonly links: readonly Link[];
}

/** What had happened by `at`. */
export function until(history: History, at: number): History {
  return {
    samplings: history.samplings.filter((each) => each.at.latest <= at),
    words: history.words.filter((each) => each.at.latest <= at),
    countersignatures: history.countersignatures.filter((each) => each.at <= at),
    closings: history.closings.filter((each) => each.at <= at),
    companies: history.companies.filter((each) => each.at <= at),
    links: history.links.filter((each) => each.at <= at),
  };
}

/** What stands for `person` by `rules`, once all of `history` has happened. */
export function standingIn(history: History, person: string, rules: RuleSet): Standing {
  const groups = groupsOf(history.links);
  const groupOf = (name: string): readonly string[] => groups.get(name) ?? [name];
  const runs = testsIn(history);
  const own = groupOf(person);
  const met = companionsOf(own, history, runs).map(({ name, at }) => ({ group: groupOf(name), at }));
  const company = distinct(met, ({ group, at }) => [group, at])
    .filter(({ group }) => !isSame(group, own))
    .map(({ group, at }) => ({ ...personOf(group, history, runs), metAt: at }));
  return stand(personOf(own, history, runs), rules, company);
}

/**
 * Who is one person with whom, each group sorted, for everybody who was ever linked.
 *
 * Everybody is in exactly one group: who is linked joins the group of the one named first, who is unlinked gets a group
 * of their own; the latest word stands, and nothing else follows from it.
 */
export function groupsOf(links: readonly Link[]): ReadonlyMap<string, readonly string[]> {
  const groupOf = new Map<string, symbol>();
  for (const { people, isOne } of inOrder(links, (each) => [each.at, !each.isOne, each.people])) {
    const [first, ...others] = people;
    if (first === undefined) continue;
    for (const other of others.length > 0 ? others : [first]) {
      const joined = groupOf.get(first) ?? Symbol(first);
      if (isOne) groupOf.set(first, joined);
      groupOf.set(other, isOne ? joined : Symbol(other));
    }
  }
  const names = inOrder([...groupOf.keys()], (name) => name);
  return new Map(names.map((name) => [name, names.filter((each) => groupOf.get(each) === groupOf.get(name))]));
}

function testsIn(history: History): Run[] {
  const samplings = distinct(history.samplings, samplingKey);
  const words = distinct(history.words, wordKey);
  const tubes = inOrder(
    distinct(samplings.map(({ tube }) => tube), (tube) => tube),
    (tube) => tube,
  );
  return tubes.flatMap((tube) =>
    runsOf(ofTube(samplings, tube), ofTube(words, tube), ofTube(history.countersignatures, tube)),
  );
}

function ofTube<T extends { readonly tube: string }>(all: readonly T[], tube: string): T[] {
  return all.filter((each) => each.tube === tube);
}

function personOf(group: readonly string[], history: History, runs: readonly Run[]): Person {
  return {
    runs: runs.filter((run) => group.some((name) => run.people.has(name))),
    closings: history.closings.filter((closing) => group.includes(closing.person)),
  };
}

interface Companion {
  readonly name: string;
  readonly at: number;
}

/** Who was in a vehicle or a household's tube with one of a group, and when. */
function companionsOf(group: readonly string[], history: History, runs: readonly Run[]): Companion[] {
  const kept = new Set(runs.map(({ tube }) => tube));
  const households = history.samplings
    .filter((each) => each.isHousehold && kept.has(each.tube))
    .map(({ people, at }) => ({ people, at: at.latest }));
  return [...households, ...history.companies]
    .filter(({ people }) => people.some((name) => group.includes(name)))
    .flatMap(({ people, at }) => people.filter((name) => !group.includes(name)).map((name) => ({ name, at })));
}

function isSame(one: readonly string[], other: readonly string[]): boolean {
  return one.length === other.length && one.every((name, index) => name === other[index]);
}

function samplingKey({ tube, people, method, at, window, ...marks }: Sampling): Key {
  const names = inOrder([...new Set(people)], (name) => name);
  const minutes = window === undefined ? [] : [window.earliest, window.latest];
  const { isHousehold = false, isDisputed = false, isWithdrawn = false } = marks;
  return [tube, names, method, at.earliest, at.latest, minutes, isHousehold, isDisputed, isWithdrawn];
}

function wordKey({ tube, method, value, at, ...marks }: Word): Key {
  const { isCorrection = false, lineSeen = false, isAfterTelling = false } = marks;
  const { isDisputed = false, isWithdrawn = false } = marks;
  return [tube, method, value, at.earliest, at.latest, isCorrection, lineSeen, isAfterTelling, isDisputed, isWithdrawn];
}
