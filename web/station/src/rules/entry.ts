/** The envelope of the ledger as a station writes it (docs/protocol.md): what happened, typed, and its exact text. */
import type { ClockStamp } from "./clock.ts";

export const RESULT_VALUES = ["negative", "positive", "invalid", "inconclusive"] as const;
export type ResultValue = (typeof RESULT_VALUES)[number];

export type Happening =
  | { kind: "shift.started"; facts: { checkpoint: string; lane: string; ticket: string } }
  | { kind: "shift.ended"; facts: Record<string, never> }
  | { kind: "clock.measured"; facts: { anchor: number; round_trip: number } }
  | { kind: "clock.jumped"; facts: { by: number } }
  | { kind: "specimen.collected"; facts: SpecimenCollected }
  | { kind: "result.recorded"; facts: ResultRecorded }
  | { kind: "result.corrected"; facts: ResultCorrected };

export interface SpecimenCollected {
  facility: string;
  checkpoint: string;
  lane: string;
  tube: string;
  pool_kind: "single" | "pool_at_collection";
  specimen_type: "nasopharyngeal";
  test_type: "ag_rapid";
  members: { person_code: string }[];
}

export interface ResultRecorded {
  facility: string;
  tube: string;
  test_type: "ag_rapid";
  value: ResultValue;
}

export interface ResultCorrected {
  facility: string;
  tube: string;
  corrects: string;
  value: ResultValue;
  reason: "wrong_value" | "wrong_tube";
}

/** Everything of the body but what happened. */
export interface Circumstances {
  id: string;
  device: string;
  log: string;
  seq: number;
  actor: string | null;
  stamp: ClockStamp;
}

/** One entry as it travels. `personal` is absent for every kind a station writes today. */
export interface WireEntry {
  body: string;
  personal?: string;
  signature: string;
}

/** The text of `body`: written once, signed as it is, never serialised again (ADR 0003). */
export function bodyText(happening: Happening, about: Circumstances): string {
  return JSON.stringify({
    id: about.id,
    device: about.device,
    log: about.log,
    seq: about.seq,
    kind: happening.kind,
    version: 1,
    actor: about.actor,
    occurred_at: about.stamp.occurredAt,
    clock: about.stamp.clock,
    facts: happening.facts,
    personal: null,
  });
}
