/**
 * zlib streams (RFC 1950, 1951) read whole or not at all: no rest, the right check sum, a bounded size.
 *
 * Our own because the verdict must be the same everywhere: browsers differ in what their DecompressionStream does
 * with bytes after the end, and small libraries check neither those nor the sum.
 */
import { codeOf, nextSymbol, type BitSource, type Code } from "./huffman.ts";
import { Malformed } from "./malformed.ts";

/** The content is larger than was allowed. */
export class TooLarge extends Error {}

const END_OF_BLOCK = 256;
const CODE_LENGTH_ORDER = [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15];
const LENGTH_BASES = [3, 4, 5, 6, 7, 8, 9, 10, 11, 13, 15, 17, 19, 23, 27, 31, 35, 43, 51, 59, 67, 83, 99, 115, 131, 163, 195, 227, 258];
const LENGTH_BITS = [0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3, 4, 4, 4, 4, 5, 5, 5, 5, 0];
const MOST_LENGTH_CODES = 286;
const MOST_DISTANCE_CODES = 30;

function repeated(length: number, times: number): number[] {
  return Array.from({ length: times }, () => length);
}

const FIXED_LITERALS = codeOf([...repeated(8, 144), ...repeated(9, 112), ...repeated(7, 24), ...repeated(8, 8)], false);
const FIXED_DISTANCES = codeOf(repeated(5, 32), false);

class Input implements BitSource {
  #place = 0;
  #held = 0;
  #heldBits = 0;

  constructor(readonly data: Uint8Array) {}

  byte(): number {
    const byte = this.data[this.#place];
    if (byte === undefined) throw new Malformed("premature end");
    this.#place++;
    return byte;
  }

  bits(count: number): number {
    while (this.#heldBits < count) {
      this.#held |= this.byte() << this.#heldBits;
      this.#heldBits += 8;
    }
    const value = this.#held & ((1 << count) - 1);
    this.#held >>>= count;
    this.#heldBits -= count;
    return value;
  }

  alignToByte(): void {
    this.#held = 0;
    this.#heldBits = 0;
  }

  get isAtEnd(): boolean {
    return this.#place === this.data.length;
  }
}

class Output {
  readonly #bytes: Uint8Array;
  #length = 0;

  constructor(largest: number) {
    this.#bytes = new Uint8Array(largest);
  }

  put(byte: number): void {
    if (this.#length === this.#bytes.length) throw new TooLarge();
    this.#bytes[this.#length++] = byte;
  }

  copy(distance: number, length: number): void {
    if (distance > this.#length) throw new Malformed("reference before the beginning");
    for (let count = 0; count < length; count++) this.put(this.#bytes[this.#length - distance] ?? 0);
  }

  content(): Uint8Array {
    return this.#bytes.subarray(0, this.#length);
  }
}

/** The content of the zlib stream `data`, at most `largest` bytes. Throws Malformed or TooLarge. */
export function inflate(data: Uint8Array, largest: number): Uint8Array {
  const input = new Input(data);
  const [method, flags] = [input.byte(), input.byte()];
  if ((method & 0x0f) !== 8 || method >> 4 > 7 || ((method << 8) | flags) % 31 !== 0 || (flags & 0x20) !== 0) {
    throw new Malformed("no zlib header");
  }
  const output = new Output(largest);
  while (readBlock(input, output) === "more");
  input.alignToByte();
  const content = output.content();
  const sum = [input.byte(), input.byte(), input.byte(), input.byte()].reduce((number, byte) => number * 256 + byte, 0);
  if (sum !== adler32(content) || !input.isAtEnd) throw new Malformed("wrong check sum or bytes after the end");
  return content;
}

function readBlock(input: Input, output: Output): "more" | "last" {
  const isLast = input.bits(1) === 1;
  const kind = input.bits(2);
  if (kind === 0) copyStored(input, output);
  else if (kind === 1) decode(input, output, FIXED_LITERALS, FIXED_DISTANCES);
  else if (kind === 2) decode(input, output, ...readCodes(input));
  else throw new Malformed("no such kind of block");
  return isLast ? "last" : "more";
}

function copyStored(input: Input, output: Output): void {
  input.alignToByte();
  const length = input.byte() | (input.byte() << 8);
  const complement = input.byte() | (input.byte() << 8);
  if (length !== (complement ^ 0xffff)) throw new Malformed("stored length disagrees");
  for (let count = 0; count < length; count++) output.put(input.byte());
}

function decode(input: Input, output: Output, literals: Code, distances: Code): void {
  for (;;) {
    const symbol = nextSymbol(input, literals);
    if (symbol === END_OF_BLOCK) return;
    if (symbol < END_OF_BLOCK) output.put(symbol);
    else copyEarlier(input, output, symbol - END_OF_BLOCK - 1, distances);
  }
}

function copyEarlier(input: Input, output: Output, lengthCode: number, distances: Code): void {
  const base = LENGTH_BASES[lengthCode];
  if (base === undefined) throw new Malformed("no such length");
  const length = base + input.bits(LENGTH_BITS[lengthCode] ?? 0);
  const distanceCode = nextSymbol(input, distances);
  if (distanceCode >= MOST_DISTANCE_CODES) throw new Malformed("no such distance");
  const extraBits = Math.max(0, (distanceCode >> 1) - 1);
  const distance = distanceCode < 4 ? distanceCode + 1 : ((2 + (distanceCode & 1)) << extraBits) + 1;
  output.copy(distance + input.bits(extraBits), length);
}

function readCodes(input: Input): [Code, Code] {
  const literals = input.bits(5) + 257;
  const distances = input.bits(5) + 1;
  const lengthCodes = input.bits(4) + 4;
  if (literals > MOST_LENGTH_CODES || distances > MOST_DISTANCE_CODES) throw new Malformed("too many codes");
  const ofLengths = repeated(0, CODE_LENGTH_ORDER.length);
  for (const symbol of CODE_LENGTH_ORDER.slice(0, lengthCodes)) ofLengths[symbol] = input.bits(3);
  const lengths = readLengths(input, codeOf(ofLengths, false), literals + distances);
  if (lengths[END_OF_BLOCK] === 0) throw new Malformed("no end of block");
  return [codeOf(lengths.slice(0, literals), true), codeOf(lengths.slice(literals), true)];
}

function readLengths(input: Input, code: Code, count: number): number[] {
  const lengths: number[] = [];
  while (lengths.length < count) {
    const symbol = nextSymbol(input, code);
    if (symbol < 16) lengths.push(symbol);
    else lengths.push(...repeatedLength(input, symbol, lengths.at(-1)));
  }
  if (lengths.length > count) throw new Malformed("too many lengths");
  return lengths;
}

function repeatedLength(input: Input, symbol: number, last: number | undefined): number[] {
  if (symbol === 17) return repeated(0, 3 + input.bits(3));
  if (symbol === 18) return repeated(0, 11 + input.bits(7));
  if (last === undefined) throw new Malformed("nothing to repeat");
  return repeated(last, 3 + input.bits(2));
}

function adler32(data: Uint8Array): number {
  let low = 1;
  let high = 0;
  for (const byte of data) {
    low = (low + byte) % 65_521;
    high = (high + low) % 65_521;
  }
  return high * 65_536 + low;
}
