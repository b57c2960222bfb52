/** CBOR (RFC 8949) read without trust: twin of `src/chotxanh/domain/hcert/cbor.py`. */
import { Malformed } from "./malformed.ts";

export const DEEPEST = 16;

/** Tags that programs interpret by themselves (cycles, big numbers, patterns): nothing in a certificate needs them. */
const REFUSED_TAGS: ReadonlySet<number> = new Set([
  1, 2, 3, 4, 5, 25, 28, 29, 30, 35, 36, 37, 52, 54, 100, 256, 258, 260, 261, 1004, 43_000, 55_799,
]);
const BREAK = 0xff;
const INDEFINITE = 31;

/** Kept apart from integers, which may be keys and numbers of algorithms. */
export class Float {
  constructor(readonly value: number) {}
}

export class Tagged {
  constructor(
    readonly tag: number,
    readonly value: Cbor,
  ) {}
}

/** `undefined` and the values that mean nothing here. */
export class Simple {
  constructor(readonly number: number) {}
}

export type Key = number | bigint | string;
export type CborMap = ReadonlyMap<Key, Cbor>;
export type Cbor = Key | boolean | null | Float | Uint8Array | Simple | Tagged | CborMap | readonly Cbor[];

/** The one object `data` encodes; a tagged date is text. Throws Malformed. */
export function loadCbor(data: Uint8Array): Cbor {
  const reader = new Reader(data);
  const loaded = reader.item(0);
  if (!reader.isAtEnd) throw new Malformed("bytes after the end");
  return loaded;
}

const utf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

class Reader {
  readonly #data: Uint8Array;
  readonly #view: DataView;
  #place = 0;

  constructor(data: Uint8Array) {
    this.#data = data;
    this.#view = new DataView(data.buffer, data.byteOffset, data.byteLength);
  }

  get isAtEnd(): boolean {
    return this.#place === this.#data.length;
  }

  item(depth: number): Cbor {
    const initial = this.#byte();
    const information = initial & 0x1f;
    switch (initial >> 5) {
      case 0:
        return this.#integer(information);
      case 1:
        return negative(this.#integer(information));
      case 2:
        return this.#string(2, information, (bytes) => bytes, joinedBytes);
      case 3:
        return this.#string(3, information, text, (texts) => texts.join(""));
      case 4:
        return this.#array(information, depth);
      case 5:
        return this.#map(information, depth);
      case 6:
        return this.#tagged(information, depth);
      default:
        return this.#simple(information);
    }
  }

  #byte(): number {
    const byte = this.#data[this.#place];
    if (byte === undefined) throw new Malformed("premature end");
    this.#place++;
    return byte;
  }

  /** The place of the next `count` bytes, which are then behind. */
  #take(count: number): number {
    const start = this.#place;
    if (count > this.#data.length - start) throw new Malformed("premature end");
    this.#place += count;
    return start;
  }

  #integer(information: number): number | bigint {
    if (information < 24) return information;
    if (information === 24) return this.#byte();
    if (information === 25) return this.#view.getUint16(this.#take(2));
    if (information === 26) return this.#view.getUint32(this.#take(4));
    if (information !== 27) throw new Malformed("reserved");
    return small(this.#view.getBigUint64(this.#take(8)));
  }

  #length(information: number): number {
    return Number(this.#integer(information));
  }

  #endsHere(): boolean {
    if (this.#data[this.#place] !== BREAK) return false;
    this.#place++;
    return true;
  }

  #string<T>(major: number, information: number, read: (bytes: Uint8Array) => T, join: (parts: T[]) => T): T {
    if (information !== INDEFINITE) return read(this.#bytes(information));
    const parts: T[] = [];
    while (!this.#endsHere()) {
      const initial = this.#byte();
      if (initial >> 5 !== major) throw new Malformed("a part of another kind");
      parts.push(read(this.#bytes(initial & 0x1f)));
    }
    return join(parts);
  }

  #bytes(information: number): Uint8Array {
    const length = this.#length(information);
    const start = this.#take(length);
    return this.#data.subarray(start, start + length);
  }

  /** Calls `read` for each member of a container. */
  #members(information: number, depth: number, read: (depth: number) => void): void {
    const count = information === INDEFINITE ? Number.POSITIVE_INFINITY : this.#length(information);
    if (count === 0) return;
    if (depth >= DEEPEST) throw new Malformed("too deep");
    for (let member = 0; member < count; member++) {
      if (count === Number.POSITIVE_INFINITY && this.#endsHere()) return;
      read(depth + 1);
    }
  }

  #array(information: number, depth: number): readonly Cbor[] {
    const items: Cbor[] = [];
    this.#members(information, depth, (inside) => items.push(this.item(inside)));
    return items;
  }

  #map(information: number, depth: number): CborMap {
    const map = new Map<Key, Cbor>();
    this.#members(information, depth, (inside) => {
      const key = this.item(inside);
      if (!isKey(key) || map.has(key)) throw new Malformed("a key twice, or neither number nor text");
      map.set(key, this.item(inside));
    });
    return map;
  }

  #tagged(information: number, depth: number): Cbor {
    const tag = Number(this.#integer(information));
    if (REFUSED_TAGS.has(tag) || depth >= DEEPEST) throw new Malformed("tag not allowed");
    const value = this.item(depth + 1);
    if (tag !== 0) return new Tagged(tag, value);
    if (typeof value !== "string") throw new Malformed("tag 0 must hold text");
    return value;
  }

  #simple(information: number): Cbor {
    if (information === 20 || information === 21) return information === 21;
    if (information === 22) return null;
    if (information < 24) return new Simple(information);
    if (information === 24) return this.#farSimple();
    if (information === 25) return new Float(half(this.#view.getUint16(this.#take(2))));
    if (information === 26) return new Float(this.#view.getFloat32(this.#take(4)));
    if (information === 27) return new Float(this.#view.getFloat64(this.#take(8)));
    throw new Malformed("reserved");
  }

  #farSimple(): Simple {
    const number = this.#byte();
    if (number < 32) throw new Malformed("a simple value in two bytes");
    return new Simple(number);
  }
}

function isKey(value: Cbor): value is Key {
  return typeof value === "string" || typeof value === "number" || typeof value === "bigint";
}

function small(integer: bigint): number | bigint {
  const number = Number(integer);
  return Number.isSafeInteger(number) ? number : integer;
}

function negative(integer: number | bigint): number | bigint {
  return typeof integer === "number" && integer < Number.MAX_SAFE_INTEGER ? -1 - integer : small(-1n - BigInt(integer));
}

function text(bytes: Uint8Array): string {
  try {
    return utf8.decode(bytes);
  } catch {
    throw new Malformed("no UTF-8");
  }
}

function joinedBytes(parts: readonly Uint8Array[]): Uint8Array {
  return Uint8Array.from(parts.flatMap((part) => Array.from(part)));
}

/** IEEE 754 binary16 (RFC 8949, appendix D). */
function half(bits: number): number {
  const exponent = (bits >> 10) & 0x1f;
  const fraction = bits & 0x3ff;
  const sign = bits & 0x8000 ? -1 : 1;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  if (exponent === 31) return fraction === 0 ? sign * Number.POSITIVE_INFINITY : Number.NaN;
  return sign * (fraction + 1024) * 2 ** (exponent - 25);
}
