/** What this station shows of one tube. */
import type { TubeCard } from "./cards.ts";
import type { ResultValue } from "./entry.ts";

export interface TubeView {
  tube: string;
  sampledAt: number | null;
  pooled: boolean;
  members: string[];
  state: TubeCard["state"];
  value: ResultValue | null;
  /** Id of the result that stands. */
  result: string | null;
  resultedAt: number | null;
  site: string;
  /** The test and method of the result, or of the sampling; the kit of the sampling. */
  test: string;
  kit: string | null;
  testType: string;
  /** The run of the result that is shown, 0 before there is one. */
  run: number;
  /** The result says nothing about anybody: the test must be done again. */
  asksAgain: boolean;
  isOutsideWindow: boolean;
  lineSeen: boolean | null;
  /** When the tray was set going. */
  startedAt: number | null;
  /** An own entry about this tube waits for the person in charge to decide. */
  held: boolean;
  /** Its people live together. */
  isHousehold: boolean;
  /** What is shown of it is this station's own word, which no card says yet. */
  isAhead: boolean;
}
