/** Canonical prefix codes of DEFLATE (RFC 1951, 3.2.2). */
import { Malformed } from "./malformed.ts";

const LONGEST_CODE = 15;

/** What gives the next bits of a stream, least significant first. */
export interface BitSource {
  bits(count: number): number;
}

/** A prefix code: how many codes there are of each length, and the symbols in the order of their codes. */
export interface Code {
  readonly counts: Uint16Array;
  readonly symbols: Uint16Array;
}

/**
 * The code whose symbol n has `lengths[n]` bits. Throws Malformed for one that is over-full, or that leaves codes
 * unused, unless it is a single code of one bit or none at all and `mayBeIncomplete`: as zlib does.
 */
export function codeOf(lengths: readonly number[], mayBeIncomplete: boolean): Code {
  const counts = new Uint16Array(LONGEST_CODE + 1);
  for (const length of lengths) if (length > 0) counts[length] = (counts[length] ?? 0) + 1;
  const left = unusedCodes(counts);
  const longest = counts.findLastIndex((count) => count > 0);
  if (left < 0 || (left > 0 && longest > 0 && !(mayBeIncomplete && longest === 1))) {
    throw new Malformed("over-full or incomplete code");
  }
  return { counts, symbols: symbolsInOrder(lengths) };
}

/** How many codes of the longest length are left over; negative where there are too many. */
function unusedCodes(counts: Uint16Array): number {
  let left = 1;
  for (const count of counts.subarray(1)) {
    left = 2 * left - count;
    if (left < 0) return left;
  }
  return left;
}

function symbolsInOrder(lengths: readonly number[]): Uint16Array {
  const used = lengths.map((length, symbol) => ({ length, symbol })).filter(({ length }) => length > 0);
  return Uint16Array.from(used.sort((one, other) => one.length - other.length || one.symbol - other.symbol), ({ symbol }) => symbol);
}

/** The next symbol of `source`. Throws Malformed for bits that are no code. */
export function nextSymbol(source: BitSource, { counts, symbols }: Code): number {
  let code = 0;
  let first = 0;
  let index = 0;
  for (let length = 1; length <= LONGEST_CODE; length++) {
    code |= source.bits(1);
    const count = counts[length] ?? 0;
    if (code - first < count) return symbols[index + code - first] ?? 0;
    index += count;
    first = (first + count) << 1;
    code <<= 1;
  }
  throw new Malformed("no such code");
}
