/** What the station shows: the feed's cards overlaid with its own entries that the cards do not hold yet. */
import type { PersonCard, TubeCard } from "./cards.ts";
import type { Happening, ResultCorrected, ResultRecorded, ResultValue, SpecimenCollected, TestStarted } from "./entry.ts";
import { type Found, foundHere, type Sampling, samplingOf } from "./sampling.ts";
import { instant } from "./time.ts";
import { type TubeView, unseenTube } from "./tubeView.ts";

export type { TubeView } from "./tubeView.ts";

/** An entry of this station's own, with its effective time in Unix ms. */
export interface OwnEntry {
  id: string;
  at: number;
  happening: Happening;
  state: "waiting" | "settled" | "held" | "rejected";
  problem?: string | null;
}

/** Whether a lead has decided that it does not count. */
export const isRefused = ({ state, problem }: Pick<OwnEntry, "state" | "problem">): boolean =>
  state === "held" && problem === "refused";

/** What entries name by id: the site of a post and the method of a test, empty where it is not known any more. */
export interface Registers {
  siteOf: (post: string) => string;
  methodOf: (test: string) => string;
}

/** All tubes of one facility, by barcode. */
export type Tubes = ReadonlyMap<string, TubeView>;

function fromCard(card: TubeCard): TubeView {
  return {
    tube: card.tube,
    sampledAt: instant(card.sampled_at),
    pooled: card.pool_kind !== "single",
    members: card.members.map((member) => member.person_code),
    state: card.state,
    value: card.value,
    result: card.result,
    resultedAt: instant(card.resulted_at),
    site: card.site,
    test: card.test,
    kit: card.kit,
    testType: card.test_type,
    run: card.run,
    asksAgain: card.asks_again,
    isOutsideWindow: card.is_outside_window,
    lineSeen: card.line_seen,
    startedAt: instant(card.started_at),
    held: false,
    isHousehold: card.is_household,
    isAhead: false,
  };
}

function collected(entry: OwnEntry, facts: SpecimenCollected, registers: Registers): TubeView {
  return {
    tube: facts.tube,
    sampledAt: entry.at,
    pooled: facts.pool_kind !== "single",
    members: facts.members.map((member) => member.person_code),
    state: "waiting",
    value: null,
    result: null,
    resultedAt: null,
    site: registers.siteOf(facts.post),
    test: facts.test,
    kit: facts.kit ?? null,
    testType: registers.methodOf(facts.test),
    run: 0,
    asksAgain: false,
    isOutsideWindow: false,
    lineSeen: null,
    startedAt: null,
    held: entry.state === "held",
    isHousehold: facts.is_household ?? false,
    isAhead: true,
  };
}

const SAYS_NOTHING: ReadonlySet<ResultValue> = new Set<ResultValue>(["invalid", "inconclusive", "read_late"]);

function withResult(
  view: TubeView,
  entry: OwnEntry,
  facts: ResultRecorded | ResultCorrected,
  { methodOf }: Registers,
): TubeView {
  const held = view.held || entry.state === "held";
  const test = "test" in facts ? { test: facts.test, testType: methodOf(facts.test), run: facts.run ?? 1 } : {};
  const tested = "test" in facts ? { ...test, isOutsideWindow: false } : {};
  const said = { value: facts.value, asksAgain: SAYS_NOTHING.has(facts.value), lineSeen: facts.line_seen ?? null };
  return { ...view, ...tested, ...said, state: "resulted", result: entry.id, resultedAt: entry.at, held, isAhead: true };
}

/** Whether an own result is of a run that the view does not show yet: another test, or the test done again. */
function isNewRun(view: TubeView, { test, run }: ResultRecorded): boolean {
  return view.result === null || view.test !== test || (run ?? 1) > view.run;
}

function started(views: Map<string, TubeView>, { at }: OwnEntry, { tubes }: TestStarted): void {
  for (const tube of tubes) {
    const view = views.get(tube);
    if (view && (view.startedAt ?? 0) < at) views.set(tube, { ...view, startedAt: at });
  }
}

/** What takes back a positive, or a line seen too late, has no effect until a second account has signed (field rule A1). */
export function takesBack({ value: stands, lineSeen }: TubeView, value: ResultValue, isLineSeen = false): boolean {
  return value !== "positive" && (stands === "positive" || (lineSeen === true && !isLineSeen));
}

/** The tube of an own result whose sampling has not arrived. */
function unseenAt({ happening }: OwnEntry, facts: ResultRecorded | ResultCorrected, registers: Registers): TubeView | null {
  if (happening.kind !== "result.recorded" || !("test" in facts)) return null;
  const { test, kit } = facts;
  return { ...unseenTube(facts.tube, null), test, kit: kit ?? null, testType: registers.methodOf(test) };
}

function resulted(views: Map<string, TubeView>, entry: OwnEntry, facts: ResultRecorded | ResultCorrected, registers: Registers): void {
  const view = views.get(facts.tube) ?? unseenAt(entry, facts, registers);
  if (!view || view.state === "disputed" || view.result === entry.id) return;
  if ("corrects" in facts && takesBack(view, facts.value, facts.line_seen === true)) return;
  const stands = "corrects" in facts ? view.result === facts.corrects : isNewRun(view, facts);
  if (stands) views.set(facts.tube, withResult(view, entry, facts, registers));
}

function overlaid(views: Map<string, TubeView>, entry: OwnEntry, registers: Registers): void {
  const { kind, facts } = entry.happening;
  if (kind === "specimen.collected") {
    if (!views.has(facts.tube)) views.set(facts.tube, collected(entry, facts, registers));
  } else if (kind === "test.started") started(views, entry, facts);
  else if (kind === "result.recorded" || kind === "result.corrected") resulted(views, entry, facts, registers);
}

/**
 * Tubes of `facility` from cards and own entries. Own entries already within the cards change nothing, so an entry may
 * stay in the overlay until its card has come. Rejected entries never happened.
 */
export function overlayTubes(
  facility: string,
  cards: readonly TubeCard[],
  own: readonly OwnEntry[],
  registers: Registers,
): Tubes {
  const views = new Map<string, TubeView>();
  for (const card of cards) if (card.facility === facility) views.set(card.tube, fromCard(card));
  const mine = own.filter(({ happening, state, problem }) => {
    return state !== "rejected" && !isRefused({ state, problem: problem ?? null }) && "facility" in happening.facts && happening.facts.facility === facility;
  });
  for (const entry of [...mine].sort((a, b) => a.at - b.at || (a.id < b.id ? -1 : 1))) overlaid(views, entry, registers);
  return views;
}

export interface PersonView {
  code: string;
  card: PersonCard | null;
  /** The latest tube of this person that this station knows, if any. */
  tube: TubeView | null;
  /** What is found here that asks for something, however long ago it was sampled. */
  found: Found | null;
  sampling: Sampling;
}

/** Every tube that this person is in, the one sampled last at the end. */
export function tubesOf(code: string, tubes: Tubes): TubeView[] {
  const found = [...tubes.values()].filter(({ members }) => members.includes(code));
  return found.sort((a, b) => (a.sampledAt ?? 0) - (b.sampledAt ?? 0));
}

export function personView(code: string, card: PersonCard | null, tubes: Tubes): PersonView {
  const own = tubesOf(code, tubes);
  return { code, card, tube: own.at(-1) ?? null, found: foundHere(own, card !== null), sampling: samplingOf(card, own) };
}

/** Tubes of one site that were read, the one read last on top; at most `count`. */
export function readLast(tubes: Tubes, site: string, count: number): TubeView[] {
  return [...tubes.values()]
    .filter((tube) => tube.state === "resulted" && tube.site === site)
    .sort((a, b) => (b.resultedAt ?? 0) - (a.resultedAt ?? 0) || (a.tube < b.tube ? -1 : 1))
    .slice(0, count);
}

/** Tubes of one site without a result, the one that is due first on top. */
export function tray(tubes: Tubes, site: string): TubeView[] {
  return [...tubes.values()]
    .filter((tube) => tube.state === "waiting" && tube.site === site)
    .sort((a, b) => (a.sampledAt ?? 0) - (b.sampledAt ?? 0) || (a.tube < b.tube ? -1 : 1));
}
