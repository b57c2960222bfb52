/** The works of whoever stands at the post (field rule B1): which acts are theirs, and which entries. */
import type { TextKey } from "../language.ts";
import type { Act } from "./desk.ts";
import type { Happening } from "./entry.ts";

export const WORKS = ["data_entry", "sampling", "reading", "signing", "traffic"] as const;
export type Work = (typeof WORKS)[number];
export type Works = ReadonlySet<Work>;

/** An officer's: all of the station's work. */
export const EVERY_WORK: Works = new Set(WORKS);
/** Of somebody who works elsewhere: nothing is shown, nothing is taken. */
export const NO_WORK: Works = new Set();
const TECHNICIAN: Works = new Set(["reading", "signing"]);

/** As a sign-in told it; one of an older release named no works, and had none of less than an officer or a technician. */
export interface ToldSite {
  may_sample?: boolean;
  posts: readonly { id: string; works?: readonly string[] }[];
}

export function worksAt(site: ToldSite | undefined, post: string): Works {
  const found = site?.posts.find(({ id }) => id === post);
  if (!site || !found) return NO_WORK;
  if (found.works === undefined) return site.may_sample === false ? TECHNICIAN : EVERY_WORK;
  return new Set(WORKS.filter((work) => found.works?.includes(work)));
}

export const doesOne = (works: Works, ...wanted: Work[]): boolean => wanted.some((work) => works.has(work));

/** Whether somebody reads results: what a test said is on nobody else's screen. */
export const seesResults = (works: Works): boolean => doesOne(works, "reading", "signing");

/** Whether there is nothing to see but a plate and its light. */
export const isTrafficAlone = (works: Works): boolean => works.has("traffic") && works.size === 1;

const WORKS_OF_ACT: Readonly<Partial<Record<Act["kind"], readonly Work[]>>> = {
  tube: ["sampling", "reading", "signing"],
  identity: ["data_entry", "sampling", "reading", "signing"],
  close: ["sampling"],
  household: ["sampling"],
  undo: ["sampling"],
  elsewhere: ["reading"],
  start: ["reading"],
  result: ["reading"],
  late: ["reading"],
  correct: ["reading"],
};

/** Whether an act is of these works; to look at somebody and to put things away is everybody's. */
export function isTheirs({ kind }: Act, works: Works): boolean {
  const wanted = WORKS_OF_ACT[kind];
  return works.size > 0 && (wanted === undefined || doesOne(works, ...wanted));
}

/** Whose work an act is and what to do, said to who has other work. */
const SAID_OF: Readonly<Partial<Record<Act["kind"], TextKey>>> = {
  tube: "notice.of_sampler_tube",
  identity: "notice.of_window_paper",
  close: "notice.of_sampler",
  household: "notice.of_sampler",
  undo: "notice.of_sampler",
  elsewhere: "notice.of_reader",
  start: "notice.of_reader",
  result: "notice.of_reader",
  late: "notice.of_reader",
  correct: "notice.of_reader",
};

/** Why an act is not theirs; whoever has no work at this post is told that alone. */
export function whoseWork({ kind }: Act, works: Works): TextKey {
  return (works.size > 0 ? SAID_OF[kind] : undefined) ?? "notice.not_your_work";
}

const WORK_OF_KIND: Readonly<Partial<Record<Happening["kind"], Work>>> = {
  "person.registered": "data_entry",
  "declaration.submitted": "data_entry",
  "specimen.collected": "sampling",
  "test.started": "reading",
  "result.recorded": "reading",
  "result.corrected": "reading",
};

/** Whether an entry that needs attention is a matter of these works. */
export function concerns(kind: Happening["kind"], works: Works): boolean {
  const work = WORK_OF_KIND[kind];
  return work === undefined || works.has(work) || (work === "reading" && works.has("signing"));
}
