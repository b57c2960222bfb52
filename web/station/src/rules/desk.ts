/** What lies on the officer's desk, and what each act does to it: tube, people, closing, result, correction. */
import type { Params, Sentence, TextKey } from "../language.ts";
import type { Happening, IdentitySeen, Member, ResultRecorded, ResultValue, SpecimenCollected } from "./entry.ts";
import { takesBack, tray, type Tubes, type TubeView } from "./overlay.ts";
import { unseenTube } from "./tubeView.ts";
import { whyNot } from "./joining.ts";
import { isNamed, type Paper } from "./paper.ts";
import { minutesSince, type Testing, timing, windowOf } from "./testing.ts";
import { isTheirs, seesResults, whoseWork } from "./works.ts";
import type { Collecting, Desk, Persons, Place, Seen, World } from "./world.ts";

export type { Desk, Persons, Place, Seen, World } from "./world.ts";

export const EMPTY_DESK: Desk = { step: "idle" };

export type Act =
  | { kind: "person"; code: string }
  | { kind: "tube"; tube: string }
  | { kind: "close" }
  /** A paper was scanned; without one the officer has looked at that of whoever was scanned last. */
  | { kind: "identity"; paper: Paper | null }
  /** Those in the open tube live together, or do not after all. */
  | { kind: "household" }
  /** The open tube was sampled elsewhere, and that has not arrived yet. */
  | { kind: "elsewhere" }
  | { kind: "undo" }
  | { kind: "cancel" }
  | { kind: "correct" }
  | { kind: "start" }
  | { kind: "result"; value: Exclude<ResultValue, "read_late"> }
  | { kind: "late"; lineSeen: boolean };

/** One sentence about what was just done. `accepted` and `attention` have each their tone, whatever the result is. */
export interface Notice extends Sentence {
  tone: "accepted" | "attention";
}

export interface Move {
  desk: Desk;
  record: Happening | null;
  notice: Notice | null;
}

const accept = (desk: Desk, key: TextKey, params: Params = {}): Move => {
  return { desk, record: null, notice: { tone: "accepted", key, params } };
};

const refuse = (desk: Desk, key: TextKey, params: Params = {}): Move => {
  return { desk, record: null, notice: { tone: "attention", key, params } };
};

/** Of whom no card is here it is said later who it was, by whoever owns the code; and of which group, by their journey. */
function memberOf(person_code: string, persons: Persons, seen: Seen | undefined): Member {
  const card = persons.get(person_code);
  return {
    person_code,
    registration: card?.registration || null,
    category: card?.category || null,
    identity_seen: seen?.[person_code] ?? "no",
  };
}

function collectedFacts(world: World, testing: Testing, desk: Collecting): SpecimenCollected {
  const { tube, members, seen, isHousehold } = desk;
  const { place, persons } = world;
  return {
    facility: place.facility,
    post: place.post,
    tube,
    pool_kind: members.length > 1 ? "pool_at_collection" : "single",
    specimen_type: "nasopharyngeal",
    test: testing.test,
    kit: testing.kit,
    members: members.map((code) => memberOf(code, persons, seen)),
    ...(isHousehold && members.length > 1 ? { is_household: true } : {}),
  };
}

function waitingTubeOf(person: string, tubes: Tubes): TubeView | null {
  for (const tube of tubes.values()) if (tube.state === "waiting" && tube.members.includes(person)) return tube;
  return null;
}

/** Only people in an open tube are worth keeping in hand. */
const kept = (desk: Desk): Desk => (desk.step === "collecting" ? desk : EMPTY_DESK);

function scanPerson(desk: Desk, code: string, world: World): Move {
  if (world.isRevoked) return refuse(kept(desk), "notice.revoked");
  if (desk.step !== "collecting") return { desk: EMPTY_DESK, record: null, notice: null };
  const why = whyNot(code, desk, world);
  if (why) return refuse(desk, why.key, why.params);
  const next: Desk = { ...desk, members: [...desk.members, code] };
  const elsewhere = waitingTubeOf(code, world.tubes);
  if (elsewhere) return refuse(next, "notice.person_waiting_elsewhere", { tube: elsewhere.tube });
  return accept(next, "notice.person_added", { count: next.members.length });
}

/** Opening a tube closes the one before it; one that holds nobody is simply put away. */
function openTube(desk: Desk, tube: string, world: World): Move {
  if (world.isRevoked) return refuse(kept(desk), "notice.revoked");
  if (!world.testing) return refuse(kept(desk), "notice.no_test");
  const opened: Desk = { step: "collecting", tube, members: [] };
  if (desk.step !== "collecting") return accept(opened, "notice.tube_opened", { tube });
  if (desk.members.length === 0) return accept(opened, "notice.tube_replaced", { tube, before: desk.tube });
  const facts = collectedFacts(world, world.testing, desk);
  const move = accept(opened, "notice.tube_closed_next", { before: desk.tube, count: desk.members.length, tube });
  return { ...move, record: { kind: "specimen.collected", facts } };
}

/** What is known of the tube in hand: by this station, or nothing but its name where its sampling has not arrived. */
export function inHand(desk: Desk, { tubes, testing }: Pick<World, "tubes" | "testing">): TubeView | undefined {
  if (desk.step !== "resulting") return undefined;
  return tubes.get(desk.tube) ?? (desk.isUnseen ? unseenTube(desk.tube, testing) : undefined);
}

/** A tube whose sampling has not arrived here: its result can be entered, and waits. */
function takeUnseen(tube: string, world: World): Move {
  if (world.isRevoked) return refuse(EMPTY_DESK, "notice.revoked");
  if (!world.testing) return refuse(EMPTY_DESK, "notice.no_test");
  return refuse({ step: "resulting", tube, correcting: false, isUnseen: true }, "notice.tube_unseen", { tube });
}

/** The tube just opened is none to be sampled: it was elsewhere. */
function sampledElsewhere(desk: Desk, world: World): Move {
  if (desk.step !== "collecting") return refuse(desk, "notice.scan_tube_first");
  const { tube, members } = desk;
  return members.length > 0 ? refuse(desk, "notice.tube_has_people", { count: members.length }) : takeUnseen(tube, world);
}

/** A tube that nothing is known of here: to be sampled, or sampled elsewhere. */
function newTube(desk: Desk, tube: string, world: World): Move {
  if (world.works.has("sampling")) return openTube(desk, tube, world);
  return world.works.has("reading") ? takeUnseen(tube, world) : refuse(EMPTY_DESK, "notice.tube_not_here", { tube });
}

function scanTube(desk: Desk, tube: string, world: World): Move {
  if (desk.step === "collecting" && desk.tube === tube) return refuse(desk, "notice.tube_already_open", { tube });
  const known = world.tubes.get(tube);
  if (!known) return newTube(desk, tube, world);
  if (desk.step === "collecting") return refuse(desk, "notice.tube_used", { tube });
  if (!seesResults(world.works)) return refuse(kept(desk), "notice.tube_sampled", { tube });
  return accept({ step: "resulting", tube, correcting: false }, "notice.tube_known", { tube });
}

function close(desk: Desk, world: World): Move {
  if (desk.step !== "collecting") return refuse(desk, "notice.no_open_tube");
  if (desk.members.length === 0) return refuse(desk, "notice.tube_empty", { tube: desk.tube });
  if (!world.testing) return refuse(desk, "notice.no_test");
  const facts = collectedFacts(world, world.testing, desk);
  const move = accept(EMPTY_DESK, "notice.tube_closed", { tube: desk.tube, count: desk.members.length });
  return { ...move, record: { kind: "specimen.collected", facts } };
}

function undo(desk: Desk): Move {
  if (desk.step !== "collecting" || desk.members.length === 0) return refuse(desk, "notice.nothing_to_undo");
  const members = desk.members.slice(0, -1);
  const next: Desk = { ...desk, members };
  if (desk.seen) next.seen = Object.fromEntries(Object.entries(desk.seen).filter(([code]) => members.includes(code)));
  return accept(next, "notice.person_removed", { count: members.length });
}

/** Whose paper it is among those in the tube, by name and year of birth: the last scanned first, who showed none first. */
function ownerOf(paper: Paper, { members, seen }: Collecting, persons: Persons): string | undefined {
  const owners = [...members].reverse().filter((code) => {
    const card = persons.get(code);
    return card !== undefined && isNamed(paper, card);
  });
  return owners.find((code) => !["card", "document"].includes(seen?.[code] ?? "")) ?? owners[0];
}

function known(desk: Collecting, owner: string | undefined, how: IdentitySeen, persons: Persons): Move {
  if (owner === undefined) return refuse(desk, "notice.identity_of_nobody");
  const name = persons.get(owner)?.full_name || owner;
  return accept({ ...desk, seen: { ...desk.seen, [owner]: how } }, "notice.identity_seen", { name });
}

function identity(desk: Desk, paper: Paper | null, { persons }: World): Move {
  const last = desk.step === "collecting" ? desk.members.at(-1) : undefined;
  if (desk.step !== "collecting" || last === undefined) return refuse(kept(desk), "notice.paper_of_nobody");
  if (paper === null) return known(desk, last, desk.seen?.[last] ?? "known", persons);
  return known(desk, ownerOf(paper, desk, persons), paper.kind, persons);
}

function household(desk: Desk): Move {
  if (desk.step !== "collecting") return refuse(desk, "notice.no_open_tube");
  const isHousehold = !desk.isHousehold;
  return accept({ ...desk, isHousehold }, isHousehold ? "notice.household" : "notice.no_household");
}

function cancel(desk: Desk): Move {
  if (desk.step === "collecting" && desk.members.length > 0) {
    return refuse(desk, "notice.tube_has_people", { count: desk.members.length });
  }
  if (desk.step === "collecting") return accept(EMPTY_DESK, "notice.tube_put_away", { tube: desk.tube });
  if (desk.step === "resulting" && desk.correcting) {
    return accept({ ...desk, correcting: false }, "notice.correction_cancelled");
  }
  return { desk: EMPTY_DESK, record: null, notice: null };
}

function correct(desk: Desk, world: World): Move {
  const known = desk.step === "resulting" ? world.tubes.get(desk.tube) : undefined;
  if (desk.step !== "resulting" || !known) return refuse(desk, "notice.scan_tube_first");
  if (known.state !== "resulted" || known.result === null) return refuse(desk, "notice.no_result_to_correct");
  return accept({ ...desk, correcting: true }, "notice.correcting", { tube: desk.tube });
}

function correction(desk: Desk & { step: "resulting" }, known: TubeView, value: ResultValue, place: Place): Move {
  if (!desk.correcting || known.result === null) return refuse(desk, "notice.already_resulted", { tube: desk.tube });
  if (known.value === value) return refuse(desk, "notice.same_value");
  const { facility } = place;
  const facts = { facility, tube: desk.tube, corrects: known.result, value, reason: "wrong_value" as const };
  const done: Desk = { ...desk, correcting: false };
  const said = { tube: desk.tube };
  const isWaiting = takesBack(known, value);
  const move = isWaiting ? refuse(done, "notice.correction_waits", said) : accept(done, "notice.result_corrected", said);
  return { ...move, record: { kind: "result.corrected", facts } };
}

/** What one scan sets going: the tube in hand, or what waits here for this test and was not started yet. */
function toStart(desk: Desk, { place, tubes }: World, test: string): TubeView[] {
  const inHand = desk.step === "resulting" ? tubes.get(desk.tube) : undefined;
  if (inHand) return inHand.state === "disputed" ? [] : [inHand];
  return tray(tubes, place.site).filter((tube) => tube.startedAt === null && tube.test === test);
}

function start(desk: Desk, world: World): Move {
  const { place, testing } = world;
  if (!testing) return refuse(desk, "notice.no_test");
  const waiting = toStart(desk, world, testing.test);
  if (waiting.length === 0) return refuse(desk, "notice.nothing_to_start");
  const { test, kit, lot } = testing;
  const facts = { facility: place.facility, tubes: waiting.map(({ tube }) => tube), test, kit, lot };
  return { ...accept(desk, "notice.tray_started", { count: waiting.length }), record: { kind: "test.started", facts } };
}

/** Why a result of this test cannot be entered for a tube, or null. */
function hindrance(desk: Desk, tube: TubeView, testing: Testing): Move | null {
  if (tube.state === "disputed") return refuse(desk, "notice.tube_disputed", { tube: tube.tube });
  if (tube.state === "waiting" && tube.test !== testing.test) return refuse(desk, "notice.other_test", { tube: tube.tube });
  const isDone = tube.state === "resulted" && tube.test === testing.test;
  const isAgain = tube.asksAgain && tube.value !== "read_late";
  return isDone && !isAgain ? refuse(desk, "notice.already_resulted", { tube: tube.tube }) : null;
}

/** The run that a result entered now is of. */
const nextRun = (tube: TubeView, testing: Testing): number =>
  tube.state === "resulted" && tube.test === testing.test ? tube.run + 1 : 1;

function recorded(desk: Desk, tube: TubeView, said: Pick<ResultRecorded, "value" | "line_seen">, world: World): Move {
  const { place, testing, now } = world;
  if (!testing) return refuse(desk, "notice.no_test");
  const kit = testing.method === "ag_rapid" && tube.test === testing.test ? (tube.kit ?? testing.kit) : testing.kit;
  const facts: ResultRecorded = {
    facility: place.facility,
    tube: tube.tube,
    test: testing.test,
    kit,
    lot: kit === testing.kit ? testing.lot : null,
    run: nextRun(tube, testing),
    started: minutesSince(tube.startedAt, now),
    ...said,
  };
  return { ...accept(desk, "notice.result_recorded", { tube: tube.tube }), record: { kind: "result.recorded", facts } };
}

const OUT_OF_TIME = {
  not_started: "notice.start_first",
  early: "notice.too_early",
  late: "notice.too_late",
} as const satisfies Record<string, TextKey>;

function result(desk: Desk, value: ResultValue, world: World): Move {
  if (desk.step !== "resulting") return refuse(desk, "notice.scan_tube_first");
  const known = inHand(desk, world);
  if (!known) return refuse(EMPTY_DESK, "notice.scan_tube_first");
  if (desk.correcting && known.state === "resulted") return correction(desk, known, value, world.place);
  if (!world.testing) return refuse(desk, "notice.no_test");
  const why = hindrance(desk, known, world.testing);
  if (why) return why;
  const when = timing(known, windowOf(known, world.testing, world.choices), world.now);
  if (when !== "in_time") return refuse(desk, OUT_OF_TIME[when]);
  return recorded(desk, known, { value }, world);
}

/** What was read too late is no result; whether a line was seen is said with it. */
function late(desk: Desk, lineSeen: boolean, world: World): Move {
  const known = desk.step === "resulting" ? world.tubes.get(desk.tube) : undefined;
  if (!known) return refuse(desk, "notice.scan_tube_first");
  if (!world.testing) return refuse(desk, "notice.no_test");
  const why = hindrance(desk, known, world.testing);
  if (why) return why;
  const when = timing(known, windowOf(known, world.testing, world.choices), world.now);
  if (when !== "late") return refuse(desk, "notice.not_late");
  return recorded(desk, known, { value: "read_late", line_seen: lineSeen }, world);
}

/** What is done with a tube whose test is read. */
function tested(desk: Desk, act: Act & { kind: "start" | "late" | "result" | "correct" }, world: World): Move {
  switch (act.kind) {
    case "start":
      return start(desk, world);
    case "late":
      return late(desk, act.lineSeen, world);
    case "correct":
      return correct(desk, world);
    case "result":
      return result(desk, act.value, world);
  }
}

function moved(desk: Desk, act: Act, world: World): Move {
  switch (act.kind) {
    case "person":
      return scanPerson(desk, act.code, world);
    case "tube":
      return scanTube(desk, act.tube, world);
    case "close":
      return close(desk, world);
    case "identity":
      return identity(desk, act.paper, world);
    case "household":
      return household(desk);
    case "elsewhere":
      return sampledElsewhere(desk, world);
    case "undo":
      return undo(desk);
    case "cancel":
      return cancel(desk);
    default:
      return tested(desk, act, world);
  }
}

/**
 * What `act` does to the desk: at most one entry to record, one sentence, and the desk after it. What a revoked device
 * records is held by the node, so it is never told as done.
 */
export function move(desk: Desk, act: Act, world: World): Move {
  if (!isTheirs(act, world.works)) return refuse(desk, whoseWork(act, world.works));
  const made = moved(desk, act, world);
  if (!world.isRevoked || made.record === null) return made;
  return { ...made, notice: { tone: "attention", key: "notice.kept_revoked" } };
}
