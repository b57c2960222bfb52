/** The one line that says what to do next. */
import type { TextKey } from "../language.ts";
import type { Desk, World } from "./desk.ts";
import { memberLimit } from "./desk.ts";
import type { PersonView, TubeView } from "./overlay.ts";
import { instant, minutesUntil, shortTime } from "./time.ts";

export interface Line {
  key: TextKey;
  params?: Record<string, string | number>;
}

export interface Moment {
  now: number;
  resultAfterMinutes: number;
}

/** Unix ms when the test may be read, or null if the time of sampling is not known. */
export function dueAt(tube: TubeView, resultAfterMinutes: number): number | null {
  return tube.sampledAt === null ? null : tube.sampledAt + resultAfterMinutes * 60_000;
}

function forTube(tube: TubeView, correcting: boolean, { now, resultAfterMinutes }: Moment): Line {
  if (correcting) return { key: "next.choose_right_value" };
  if (tube.state === "disputed") return { key: "next.disputed" };
  if (tube.state === "resulted") return { key: "next.resulted" };
  const due = dueAt(tube, resultAfterMinutes);
  if (due !== null && due > now) {
    return { key: "next.not_due", params: { time: shortTime(due, now), minutes: minutesUntil(due, now) } };
  }
  return { key: "next.read_result" };
}

function forPerson(person: PersonView, { now, resultAfterMinutes }: Moment): Line {
  const { tube, card } = person;
  if (tube?.state === "waiting") {
    const due = dueAt(tube, resultAfterMinutes) ?? now;
    return { key: "next.person_waiting", params: { tube: tube.tube, time: shortTime(due, now) } };
  }
  if (card?.state === "recollect") return { key: "next.person_recollect" };
  const until = instant(card?.last_result?.valid_until);
  if (card?.last_result?.value === "negative" && until !== null && until > now) return { key: "next.person_valid" };
  return { key: "next.person_sample" };
}

/** `person` is the one scanned last, if the last scan was a person. */
export function nextLine(desk: Desk, person: PersonView | null, world: World, moment: Moment): Line {
  if (desk.step === "collecting") {
    const count = desk.members.length;
    if (count === 0) return { key: "next.scan_people" };
    return count >= memberLimit(world) ? { key: "next.tube_full" } : { key: "next.more_people" };
  }
  const tube = desk.step === "resulting" ? world.tubes.get(desk.tube) : undefined;
  if (desk.step === "resulting" && tube) return forTube(tube, desk.correcting, moment);
  return person ? forPerson(person, moment) : { key: "next.start" };
}
