/** What this station shows of one tube. */
import type { TubeCard } from "./cards.ts";
import type { ResultValue } from "./entry.ts";
import type { Testing } from "./testing.ts";

/** A tube that was sampled elsewhere, of which nothing has arrived yet: taken for this test, as far as is known. */
export function unseenTube(tube: string, testing: Pick<Testing, "test" | "kit" | "method"> | null): TubeView {
  return {
    tube,
    sampledAt: null,
    pooled: false,
    members: [],
    state: "waiting",
    value: null,
    result: null,
    resultedAt: null,
    site: "",
    test: testing?.test ?? "",
    kit: testing?.kit ?? null,
    testType: testing?.method ?? "",
    run: 0,
    asksAgain: false,
    isOutsideWindow: false,
    lineSeen: null,
    startedAt: null,
    held: false,
    isHousehold: false,
    isAhead: true,
  };
}

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
