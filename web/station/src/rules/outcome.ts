/** What the result of a tube asks for: the sentence and the next line follow the tube, not the act that showed it. */
import type { Sentence, TextKey } from "../language.ts";
import type { Notice } from "./desk.ts";
import type { TubeView } from "./overlay.ts";

/** Sentences that only say that a tube is in hand or that its result is written: the tube itself says more. */
const TELLING: ReadonlySet<TextKey> = new Set([
  "notice.tube_known",
  "notice.result_recorded",
  "notice.result_corrected",
  "notice.correction_cancelled",
]);

/** The result as a task for the officer, or null where the tube asks for nothing. */
function taskOf({ tube, state, value, pooled, members }: TubeView): Sentence | null {
  if (state === "disputed") return { key: "notice.tube_disputed", params: { tube } };
  if (state !== "resulted" || value === null || value === "negative") return null;
  if (pooled) return { key: `notice.pool_${value}`, params: { count: members.length } };
  return { key: `notice.single_${value}` };
}

/** `notice` as it is shown: amber with the task where there is one. What is heard stays as it was. */
export function followed(notice: Notice | null, tube: TubeView | null): Notice | null {
  const task = notice && tube && TELLING.has(notice.key) ? taskOf(tube) : null;
  return task ? { ...task, tone: "attention" } : notice;
}

/** The next line for a tube with a result. */
export function afterResult({ value, pooled }: TubeView): Sentence {
  if (value === null || value === "negative") return { key: "next.resulted" };
  if (pooled) return { key: "next.pool_again" };
  return { key: value === "positive" ? "next.single_positive" : "next.single_again" };
}
