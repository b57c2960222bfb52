/** What lies on the officer's desk, and what each act does to it: tube, people, closing, result, correction. */
import type { Params, Sentence, TextKey } from "../language.ts";
import type { PersonCard } from "./cards.ts";
import type { Happening, Member, ResultValue, SpecimenCollected } from "./entry.ts";
import type { Tubes, TubeView } from "./overlay.ts";

/** The protocol's cap, whatever the settings say. */
const MEMBERS_CAP = 20;

export type Desk =
  | { step: "idle" }
  | { step: "collecting"; tube: string; members: readonly string[] }
  | { step: "resulting"; tube: string; correcting: boolean };

export const EMPTY_DESK: Desk = { step: "idle" };

export type Act =
  | { kind: "person"; code: string }
  | { kind: "tube"; tube: string }
  | { kind: "close" }
  | { kind: "undo" }
  | { kind: "cancel" }
  | { kind: "correct" }
  | { kind: "result"; value: ResultValue };

export interface Place {
  facility: string;
  site: string;
  post: string;
}

/** Of each person whom the station knows: who it is, and the category of the last journey. */
export type Persons = ReadonlyMap<string, Pick<PersonCard, "registration" | "category">>;

export interface World {
  place: Place;
  tubes: Tubes;
  persons: Persons;
  poolLimit: number;
  /** The province has revoked this device: what is collected may be finished, nothing new begins. */
  isRevoked: boolean;
}

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

export function memberLimit(world: World): number {
  return Math.max(1, Math.min(world.poolLimit, MEMBERS_CAP));
}

/** Of whom no card is here it is said later who it was, by whoever owns the code. */
const UNKNOWN_CATEGORY = "other";

function memberOf(person_code: string, persons: Persons): Member {
  const card = persons.get(person_code);
  return {
    person_code,
    registration: card?.registration || null,
    category: card?.category || UNKNOWN_CATEGORY,
    identity_seen: "no",
  };
}

function collectedFacts({ place, persons }: World, tube: string, members: readonly string[]): SpecimenCollected {
  return {
    facility: place.facility,
    post: place.post,
    tube,
    pool_kind: members.length > 1 ? "pool_at_collection" : "single",
    specimen_type: "nasopharyngeal",
    test_type: "ag_rapid",
    members: members.map((code) => memberOf(code, persons)),
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
  const { tube, members } = desk;
  if (members.includes(code)) return refuse(desk, "notice.person_again", { tube });
  const limit = memberLimit(world);
  if (members.length >= limit) return refuse(desk, "notice.tube_full", { limit });
  const next: Desk = { ...desk, members: [...members, code] };
  const elsewhere = waitingTubeOf(code, world.tubes);
  if (elsewhere) return refuse(next, "notice.person_waiting_elsewhere", { tube: elsewhere.tube });
  return accept(next, "notice.person_added", { count: next.members.length });
}

/** Opening a tube closes the one before it; one that holds nobody is simply put away. */
function openTube(desk: Desk, tube: string, world: World): Move {
  if (world.isRevoked) return refuse(kept(desk), "notice.revoked");
  const opened: Desk = { step: "collecting", tube, members: [] };
  if (desk.step !== "collecting") return accept(opened, "notice.tube_opened", { tube });
  if (desk.members.length === 0) return accept(opened, "notice.tube_replaced", { tube, before: desk.tube });
  const facts = collectedFacts(world, desk.tube, desk.members);
  const move = accept(opened, "notice.tube_closed_next", { before: desk.tube, count: desk.members.length, tube });
  return { ...move, record: { kind: "specimen.collected", facts } };
}

function scanTube(desk: Desk, tube: string, world: World): Move {
  if (desk.step === "collecting" && desk.tube === tube) return refuse(desk, "notice.tube_already_open", { tube });
  const known = world.tubes.get(tube);
  if (!known) return openTube(desk, tube, world);
  if (desk.step === "collecting") return refuse(desk, "notice.tube_used", { tube });
  return accept({ step: "resulting", tube, correcting: false }, "notice.tube_known", { tube });
}

function close(desk: Desk, world: World): Move {
  if (desk.step !== "collecting") return refuse(desk, "notice.no_open_tube");
  if (desk.members.length === 0) return refuse(desk, "notice.tube_empty", { tube: desk.tube });
  const facts = collectedFacts(world, desk.tube, desk.members);
  const move = accept(EMPTY_DESK, "notice.tube_closed", { tube: desk.tube, count: desk.members.length });
  return { ...move, record: { kind: "specimen.collected", facts } };
}

function undo(desk: Desk): Move {
  if (desk.step !== "collecting" || desk.members.length === 0) return refuse(desk, "notice.nothing_to_undo");
  const members = desk.members.slice(0, -1);
  return accept({ ...desk, members }, "notice.person_removed", { count: members.length });
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
  const move = accept({ ...desk, correcting: false }, "notice.result_corrected", { tube: desk.tube });
  return { ...move, record: { kind: "result.corrected", facts } };
}

function result(desk: Desk, value: ResultValue, world: World): Move {
  if (desk.step !== "resulting") return refuse(desk, "notice.scan_tube_first");
  const known = world.tubes.get(desk.tube);
  if (!known) return refuse(EMPTY_DESK, "notice.scan_tube_first");
  if (known.state === "disputed") return refuse(desk, "notice.tube_disputed", { tube: desk.tube });
  if (known.state === "resulted") return correction(desk, known, value, world.place);
  const facts = { facility: world.place.facility, tube: desk.tube, test_type: "ag_rapid" as const, value };
  return { ...accept(desk, "notice.result_recorded", { tube: desk.tube }), record: { kind: "result.recorded", facts } };
}

function moved(desk: Desk, act: Act, world: World): Move {
  switch (act.kind) {
    case "person":
      return scanPerson(desk, act.code, world);
    case "tube":
      return scanTube(desk, act.tube, world);
    case "close":
      return close(desk, world);
    case "undo":
      return undo(desk);
    case "cancel":
      return cancel(desk);
    case "correct":
      return correct(desk, world);
    case "result":
      return result(desk, act.value, world);
  }
}

/**
 * What `act` does to the desk: at most one entry to record, one sentence, and the desk after it. What a revoked device
 * records is held by the node, so it is never told as done.
 */
export function move(desk: Desk, act: Act, world: World): Move {
  const made = moved(desk, act, world);
  if (!world.isRevoked || made.record === null) return made;
  return { ...made, notice: { tone: "attention", key: "notice.kept_revoked" } };
}
