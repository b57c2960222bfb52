/** The strip that stands above a person who is not sampled like everybody else: what to do, in a few words. */
import type { TextKey } from "../language.ts";
import type { StandingPerson } from "./next.ts";
import { isTaken, type Sampling } from "./sampling.ts";
import type { Testing } from "./testing.ts";

export interface Caution {
  sampling: Exclude<Sampling, "any" | "none">;
  key: TextKey;
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

/** What a shift that tests with `testing` is told about this person, or null; of a case the neutral line says all. */
export function cautionOf(person: StandingPerson, testing: Testing | null, choices: readonly Testing[]): Caution | null {
  const { sampling, standing } = person;
  if (sampling === "any" || sampling === "none") return null;
  if (sampling === "single") {
    return { sampling, key: UNNEEDED.has(standing.key) ? "caution.if_single" : "caution.single", change: null };
  }
  if (isTaken(person.tube)) return { sampling, key: "caution.rt_pcr_taken", change: null };
  const other = testing?.method === "rt_pcr" ? undefined : choices.find(({ method }) => method === "rt_pcr");
  return { sampling, key: "caution.rt_pcr", change: other ?? null };
}
