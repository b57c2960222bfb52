/** The envelope of the ledger as a station writes it (docs/protocol.md): what happened, typed, and its exact text. */
import { type Happening as AnyHappening, VERSIONS } from "../../../shared/src/kinds.ts";
import type {
  IdentitySeen,
  Member,
  ResultCorrected,
  ResultRecorded,
  ResultValue,
  SpecimenCollected,
  TestStarted,
} from "../../../shared/src/payloads.ts";
import type { ClockStamp } from "./clock.ts";

export type { IdentitySeen, Member, ResultCorrected, ResultRecorded, ResultValue, SpecimenCollected, TestStarted };

/** What a line or a machine says, negative and positive as far apart as can be. */
export const RESULT_VALUES = ["negative", "invalid", "inconclusive", "positive"] as const satisfies ResultValue[];
export const KNOWN_VALUES = [...RESULT_VALUES, "read_late"] as const satisfies ResultValue[];

/** The kinds that a station writes; their payloads are generated from the registry of kinds. */
type Written =
  | "shift.started"
  | "shift.ended"
  | "clock.measured"
  | "clock.jumped"
  | "specimen.collected"
  | "test.started"
  | "result.recorded"
  | "result.corrected"
  | "person.registered"
  | "declaration.submitted";

type WithoutPersonal<Each> = Each extends { kind: infer Kind; facts: infer Facts } ? { kind: Kind; facts: Facts } : never;

/** What happened, as far as it lies open in this browser's store. */
export type Happening = WithoutPersonal<Extract<AnyHappening, { kind: Written }>>;
/** With what identifies somebody, which is sealed before it is written down. */
export type Deed = Happening | Extract<AnyHappening, { kind: Written; personal: object }>;

/** Everything of the body but what happened. */
export interface Circumstances {
  id: string;
  device: string;
  log: string;
  seq: number;
  actor: string | null;
  stamp: ClockStamp;
  /** The digest of the personal part, null where there is none. */
  personal: string | null;
}

/** One entry as it travels. `personal` is absent where nobody is identified. */
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
    version: VERSIONS[happening.kind],
    actor: about.actor,
    occurred_at: about.stamp.occurredAt,
    clock: about.stamp.clock,
    facts: happening.facts,
    personal: about.personal,
  });
}

/** The same deed under another number: what happened, when and by whom stays as it was written. */
export function renumbered(
  body: string,
  number: Pick<Circumstances, "id" | "log" | "seq">,
  happening: Happening,
): string {
  const { kind, facts } = happening;
  const before = JSON.parse(body) as Record<string, unknown>;
  return JSON.stringify({ ...before, ...number, kind, version: VERSIONS[kind], facts });
}

/** By the old ids of entries that were recorded again, their new ones. */
export type Renamed = Readonly<Record<string, string>>;

/** The same deed, where an entry that its facts name was recorded again: they name it by its new id. */
export function pointing(happening: Happening, renamed: Renamed): Happening {
  return { ...happening, facts: pointed(happening.facts, renamed) } as Happening;
}

function pointed(value: unknown, renamed: Renamed): unknown {
  if (typeof value === "string") return Object.hasOwn(renamed, value) ? renamed[value] : value;
  if (Array.isArray(value)) return value.map((each) => pointed(each, renamed));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, pointed(each, renamed)]));
}
