/** The one line that says what to do next. */
import type { Sentence, TextKey } from "../language.ts";
import { type Desk, inHand, type World } from "./desk.ts";
import { isOfOne } from "./joining.ts";
import { afterResult } from "./outcome.ts";
import { type PersonView, tray, type TubeView } from "./overlay.ts";
import { isTaken } from "./sampling.ts";
import type { Standing } from "./standing.ts";
import { seesResults, type Work, type Works } from "./works.ts";
import { memberLimit, readable, timing, windowOf } from "./testing.ts";
import { minutesUntil, shortTime } from "./time.ts";

/** A person with where they stand. */
export type StandingPerson = PersonView & { standing: Standing };

/** Unix ms when the test may be read, or null where nothing says so. */
export function dueAt(tube: TubeView, world: World): number | null {
  return readable(tube, windowOf(tube, world.testing, world.choices))?.from ?? null;
}

function forTube(tube: TubeView, correcting: boolean, world: World): Sentence {
  if (correcting) return { key: "next.choose_right_value" };
  if (tube.state === "disputed") return { key: "next.disputed" };
  if (tube.state === "resulted") return afterResult(tube);
  if (world.testing && tube.test !== world.testing.test) return { key: "next.other_test" };
  return forReading(tube, world);
}

function forReading(tube: TubeView, world: World): Sentence {
  const { now } = world;
  const window = windowOf(tube, world.testing, world.choices);
  const when = timing(tube, window, now);
  if (when === "late") return { key: "next.read_late" };
  if (when !== "early") return { key: window === null ? "next.laboratory_result" : "next.read_result" };
  const due = readable(tube, window)?.from ?? now;
  return { key: "next.not_due", params: { time: shortTime(due, now), minutes: minutesUntil(due, now) } };
}

/** By where the person stands; whoever is not named here is to be sampled. Of how, what may be sampled says more. */
const FOR_PERSON: Readonly<Partial<Record<TextKey, TextKey>>> = {
  "standing.valid": "next.person_valid",
  "standing.valid_doubtful": "next.person_valid_doubtful",
  "standing.recollect": "next.person_recollect",
  "standing.disputed": "next.disputed",
  "standing.case": "next.person_case",
  "standing.sampled": "next.person_sampled",
  "standing.negative_provisional": "next.person_provisional",
  "light.valid": "next.person_paper",
};

/** Who reads and does not sample scans the tube. */
function forReader({ tube }: StandingPerson): Sentence {
  return tube?.state === "waiting" ? { key: "next.scan_tube_of", params: { tube: tube.tube } } : { key: "next.start_reading" };
}

function forSampling({ tube, sampling }: StandingPerson, { testing }: World): TextKey | null {
  if (sampling !== "rt_pcr") return null;
  if (isTaken(tube)) return "next.person_sampled";
  return testing?.method === "rt_pcr" ? "next.person_rt_pcr" : "next.choose_rt_pcr";
}

/** For who neither samples nor reads: what is done with somebody there is another's. */
function forOther({ card }: StandingPerson, works: Works): Sentence {
  if (seesResults(works)) return { key: "next.person_signing" };
  if (!works.has("data_entry")) return { key: firstStep(works) };
  return { key: card?.declared_at ? "next.person_declared" : "next.person_declare" };
}

function forPerson(person: StandingPerson, world: World): Sentence {
  const { works } = world;
  if (works.has("sampling")) return forSampler(person, world);
  return works.has("reading") ? forReader(person) : forOther(person, works);
}

function forSampler(person: StandingPerson, world: World): Sentence {
  const { tube, standing, sampling } = person;
  const bySampling = forSampling(person, world);
  if (bySampling) return { key: bySampling };
  if (tube && standing.key === "standing.waiting") {
    const due = dueAt(tube, world);
    if (due === null) return { key: "next.person_sampled" };
    return { key: "next.person_waiting", params: { tube: tube.tube, time: shortTime(due, world.now) } };
  }
  const plain = sampling === "single" ? "next.person_single" : "next.person_sample";
  if (standing.key === "light.wait" && sampling === "any") return { key: "next.person_ask" };
  return { key: FOR_PERSON[standing.key] ?? plain };
}

function forDesk(desk: Desk, world: World): Sentence | null {
  if (desk.step === "idle") return null;
  if (desk.step === "resulting") {
    const tube = inHand(desk, world);
    return tube ? forTube(tube, desk.correcting, world) : null;
  }
  if (desk.members.length === 0) return { key: "next.scan_people" };
  if (isOfOne(desk, world)) return { key: "next.close_single" };
  return { key: desk.members.length >= memberLimit(world.testing) ? "next.tube_full" : "next.more_people" };
}

/** At an empty desk: the first step of whoever is at work. */
const FIRST: readonly (readonly [Work, TextKey])[] = [
  ["sampling", "next.start_sampling"],
  ["reading", "next.start_reading"],
  ["signing", "next.start_signing"],
  ["data_entry", "next.start_data_entry"],
  ["traffic", "next.start_traffic"],
];

function firstStep(works: Works): TextKey {
  if (works.has("sampling") && works.has("reading")) return "next.start";
  return FIRST.find(([work]) => works.has(work))?.[1] ?? "next.no_work";
}

/** With nothing in hand, what lies in the tray and may be read now comes first; where a laboratory reads, nobody waits here. */
function forTray({ tubes, place, testing, choices, works, now }: World): Sentence {
  if (!works.has("reading")) return { key: firstStep(works) };
  const count = tray(tubes, place.site).filter((tube) => {
    const window = windowOf(tube, testing, choices);
    return window !== null && timing(tube, window, now) === "in_time";
  }).length;
  return count > 0 ? { key: "next.due", params: { count } } : { key: firstStep(works) };
}

/** At a revoked device what is begun is brought to its end, and nothing else. */
function forRevoked(desk: Desk, world: World): Sentence {
  if (desk.step === "collecting" && desk.members.length > 0) return { key: "next.revoked_close" };
  const tube = desk.step === "resulting" ? world.tubes.get(desk.tube) : undefined;
  if (desk.step !== "resulting" || !tube) return { key: "next.revoked" };
  const isBegun = desk.correcting || tube.state === "waiting";
  return isBegun ? forTube(tube, desk.correcting, world) : { key: "next.revoked" };
}

/** `person` is the one scanned last, if the last scan was a person. */
export function nextLine(desk: Desk, person: StandingPerson | null, world: World): Sentence {
  if (world.isRevoked) return forRevoked(desk, world);
  return forDesk(desk, world) ?? (person ? forPerson(person, world) : forTray(world));
}
