/** What a receipt says about entries that were acknowledged before: which of them the node has lost. */
import type { Range, Receipt } from "./receipt.ts";

/** What the station was told last: the node's life, and the highest running number it knew of each log. */
export interface Known {
  epoch: string;
  highest: Readonly<Record<string, number>>;
}

/** `everything`: the node lives another life. Otherwise what was acknowledged within these ranges of each log. */
export type Lost = { everything: true } | { everything: false; ranges: ReadonlyMap<string, readonly Range[]> };

const NOTHING: Lost = { everything: false, ranges: new Map() };

/** What must be sent again, as far as it was acknowledged and is still kept. */
export function lostBy(receipt: Receipt, known: Known | null): Lost {
  if (known === null) return NOTHING;
  if (receipt.epoch !== known.epoch) return { everything: true };
  const ranges = new Map(receipt.gaps);
  for (const [log, highest] of receipt.highest) {
    const before = known.highest[log] ?? 0;
    if (highest < before) ranges.set(log, [...(ranges.get(log) ?? []), [highest + 1, before]]);
  }
  return { everything: false, ranges };
}

/** The node knows higher numbers of this log than this store ever gave out: the store itself was put back. */
export function isBehind(receipt: Receipt, own: { log: string; seq: number } | null): boolean {
  return own !== null && (receipt.highest.get(own.log) ?? 0) > own.seq;
}
