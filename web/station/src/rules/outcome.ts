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
function taskOf(view: TubeView): Sentence | null {
  const { tube, state, value } = view;
  if (state === "disputed") return { key: "notice.tube_disputed", params: { tube } };
  if (state !== "resulted" || value === null) return null;
  if (value === "negative") return view.asksAgain ? { key: "notice.outside_window" } : null;
  const params = { count: view.members.length };
  return value === "read_late" ? { key: `notice.read_late_${lineOf(view)}`, params } : taskOfResult(view, value, params);
}

type Told = Exclude<NonNullable<TubeView["value"]>, "negative" | "read_late">;

function taskOfResult({ pooled, testType }: TubeView, value: Told, params: { count: number }): Sentence {
  if (pooled) return { key: `notice.pool_${value}`, params };
  return { key: value === "positive" && testType === "rt_pcr" ? "notice.single_positive_pcr" : `notice.single_${value}` };
}

const lineOf = ({ lineSeen }: TubeView): "line" | "no_line" => (lineSeen === true ? "line" : "no_line");

/** `notice` as it is shown: amber with the task where there is one. What is heard stays as it was. */
export function followed(notice: Notice | null, tube: TubeView | null): Notice | null {
  const task = notice && tube && TELLING.has(notice.key) ? taskOf(tube) : null;
  return task ? { ...task, tone: "attention" } : notice;
}

/** What is to be done with whoever was in the tube: it is the task, never only that it is done. */
const AFTER = {
  pcr: {
    pool: "next.pool_again_pcr",
    positive: "next.case",
    invalid: "next.single_again",
    inconclusive: "next.single_again",
  },
  rapid: {
    pool: "next.pool_again",
    positive: "next.single_positive",
    invalid: "next.single_again",
    inconclusive: "next.single_again",
  },
} as const satisfies Record<string, Record<string, TextKey>>;

/** The next line for a tube with a result. */
export function afterResult({ value, asksAgain, lineSeen, ...tube }: TubeView): Sentence {
  if (value === null || (value === "negative" && !asksAgain)) return { key: "next.resulted" };
  if (value === "negative") return { key: "next.test_again" };
  if (value === "read_late") return { key: lineSeen === true ? "next.rt_pcr_first" : "next.single_again" };
  return { key: AFTER[tube.testType === "rt_pcr" ? "pcr" : "rapid"][tube.pooled ? "pool" : value] };
}
