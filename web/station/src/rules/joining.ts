/** Whether somebody may be put into the open tube: not twice, not too many, and nobody in danger together with others. */
import type { Sentence } from "../language.ts";
import { tubesOf } from "./overlay.ts";
import { type Sampling, samplingOf } from "./sampling.ts";
import { memberLimit } from "./testing.ts";
import type { Collecting, World } from "./world.ts";

/** Whether somebody in the open tube is sampled alone, so that it is full with them. */
export const isOfOne = ({ members }: Collecting, world: World): boolean =>
  members.some((member) => samplingIn(world, member) !== "any");

const samplingIn = (world: World, code: string): Sampling =>
  samplingOf(world.persons.get(code) ?? null, tubesOf(code, world.tubes));

/** Who is sampled alone neither joins others nor is joined. */
function whyAlone(wanted: Sampling, desk: Collecting, world: World): Sentence | null {
  const { tube, members } = desk;
  if (members.length === 0) return null;
  if (wanted !== "any") return { key: "notice.alone", params: { tube } };
  return isOfOne(desk, world) ? { key: "notice.tube_of_one", params: { tube } } : null;
}

/** Why this person does not go into this tube, or null. */
export function whyNot(code: string, desk: Collecting, world: World): Sentence | null {
  if (desk.members.includes(code)) return { key: "notice.person_again", params: { tube: desk.tube } };
  const wanted = samplingIn(world, code);
  if (wanted === "none") return { key: "notice.no_sample" };
  if (wanted === "rt_pcr" && world.testing?.method !== "rt_pcr") return { key: "notice.only_rt_pcr" };
  const limit = memberLimit(world.testing);
  const why = whyAlone(wanted, desk, world);
  return why ?? (desk.members.length >= limit ? { key: "notice.tube_full", params: { limit } } : null);
}
