/** What a positive means is dated: the sets of rules that ship (field rules A3, A7); twin of `domain/standing/rules.py`. */
import type { Method } from "./acts.ts";
import { DAY } from "./times.ts";

/**
 * A later own negative by `method`, sampled at least `after` milliseconds later, after which a positive speaks no more.
 *
 * `isLifted` if it takes the positive away, as if it had been a false alarm; else what was before stays ended.
 */
export interface Ending {
  readonly method: Method;
  readonly isLifted: boolean;
  readonly after: number;
}

/** Whether a sample taken so many milliseconds later ends it; the same moment is not later. */
export function isMetBy(ending: Ending, laterBy: number): boolean {
  return laterBy > 0 && laterBy >= ending.after;
}

/**
 * What results mean from one date on.
 *
 * `definesCase` are the methods whose positive is a case; any other positive screens. `screeningEnds` and `caseEnds`
 * are what ends each without a physician. `poolSuspends` says whether a positive pool suspends the older papers of its
 * members.
 */
export interface RuleSet {
  readonly code: string;
  readonly legalReference: string;
  readonly definesCase: ReadonlySet<Method>;
  readonly screeningEnds: readonly Ending[];
  readonly caseEnds: readonly Ending[];
  readonly poolSuspends: boolean;
}

export const JULY_2021: RuleSet = {
  code: "july-2021",
  legalReference: "Quyết định 2022/QĐ-BYT ngày 28/4/2021 và 3416/QĐ-BYT ngày 14/7/2021",
  definesCase: new Set<Method>(["rt_pcr"]),
  screeningEnds: [{ method: "rt_pcr", isLifted: true, after: 0 }],
  caseEnds: [],
  poolSuspends: true,
};

/** Medical staff's rapid positive defines a case; at home it ends with a rapid negative by medical staff on day seven. */
export const JANUARY_2022: RuleSet = {
  code: "january-2022",
  legalReference: "Công văn 11042/BYT-DP ngày 29/12/2021",
  definesCase: new Set<Method>(["ag_rapid", "rt_pcr"]),
  screeningEnds: [],
  caseEnds: [
    { method: "ag_rapid", isLifted: false, after: 7 * DAY },
    { method: "rt_pcr", isLifted: false, after: 7 * DAY },
  ],
  poolSuspends: true,
};

export const RULE_SETS: ReadonlyMap<string, RuleSet> = new Map(
  [JULY_2021, JANUARY_2022].map((each) => [each.code, each]),
);
