/** The strip that stands above a person who is not sampled like everybody else: what to do, in a few words. */
import type { Sentence, TextKey } from "../language.ts";
import type { World } from "./desk.ts";
import type { StandingPerson } from "./next.ts";
import { isTaken, type Sampling } from "./sampling.ts";
import type { Testing } from "./testing.ts";
import { shortTime } from "./time.ts";

export interface Caution extends Sentence {
  sampling: Exclude<Sampling, "any" | "none">;
  /** What this one person is to be tested with, where the shift tests otherwise. */
  change: Testing | null;
}

/** States in which nobody needs a sample: what is said holds if one is taken all the same. */
const UNNEEDED: ReadonlySet<TextKey> = new Set([
  "standing.valid",
  "standing.waiting",
  "standing.sampled",
  "standing.negative_provisional",
]);

function ofRtPcr(tube: StandingPerson["tube"], { testing, choices, now }: World): Omit<Caution, "sampling"> {
  if (tube && isTaken(tube)) {
    return { key: "caution.rt_pcr_taken", params: { time: shortTime(tube.sampledAt ?? now, now) }, change: null };
  }
  const other = testing?.method === "rt_pcr" ? undefined : choices.find(({ method }) => method === "rt_pcr");
  return { key: "caution.rt_pcr", change: other ?? null };
}

/** What a shift is told about this person, or null; of a case the neutral line says all. */
export function cautionOf(person: StandingPerson, world: World): Caution | null {
  const { sampling, standing, tube } = person;
  if (sampling === "any" || sampling === "none") return null;
  if (sampling === "single") {
    return { sampling, key: UNNEEDED.has(standing.key) ? "caution.if_single" : "caution.single", change: null };
  }
  return { sampling, ...ofRtPcr(tube, world) };
}
