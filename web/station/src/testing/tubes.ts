/** A tube that waits for its rapid test, with what a test says otherwise. */
import type { TubeView } from "../rules/overlay.ts";

export function tubeView(tube: string, more: Partial<TubeView> = {}): TubeView {
  return {
    tube,
    sampledAt: 1_000,
    pooled: false,
    members: ["PA"],
    state: "waiting",
    value: null,
    result: null,
    resultedAt: null,
    site: "truck",
    test: "rapid",
    kit: "any-time",
    testType: "ag_rapid",
    run: 0,
    asksAgain: false,
    isOutsideWindow: false,
    lineSeen: null,
    startedAt: null,
    held: false,
    isHousehold: false,
    isAhead: false,
    ...more,
  };
}
