/**
 * Draws a code of our own as a QR code (ISO/IEC 18004), with the line down too: version 1, correction level Q, which holds
 * 16 capitals and digits; ours have 15.
 */

export const SIZE = 21;
const MOST = 16;
const DATA_BYTES = 13;
const CHECK_BYTES = 13;
const LETTERS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:";
const MODE_ALPHANUMERIC = 0b0010;
/** Level Q (0b11) with mask 0, with its own check bits: table C.1. */
const FORMAT = 0b011010101011111;

/** Rows of modules; true is dark. */
export type Modules = readonly (readonly boolean[])[];

function bitsOf(value: number, count: number): number[] {
  return Array.from({ length: count }, (_, index) => (value >> (count - 1 - index)) & 1);
}

function packed(text: string): number[] {
  const values = [...text].map((letter) => LETTERS.indexOf(letter));
  if (values.length > MOST || values.includes(-1)) throw new Error("this is no code of ours");
  const bits = [...bitsOf(MODE_ALPHANUMERIC, 4), ...bitsOf(values.length, 9)];
  for (let index = 0; index < values.length; index += 2) {
    const [first = 0, second] = values.slice(index, index + 2);
    bits.push(...(second === undefined ? bitsOf(first, 6) : bitsOf(first * LETTERS.length + second, 11)));
  }
  const room = DATA_BYTES * 8;
  bits.push(...Array<number>(Math.min(4, room - bits.length)).fill(0));
  while (bits.length % 8 !== 0) bits.push(0);
  const bytes = Array.from({ length: bits.length / 8 }, (_, index) =>
    bits.slice(index * 8, index * 8 + 8).reduce((byte, bit) => byte * 2 + bit, 0),
  );
  for (let index = 0; bytes.length < DATA_BYTES; index++) bytes.push(index % 2 === 0 ? 0xec : 0x11);
  return bytes;
}

/** In GF(256) by x⁸ + x⁴ + x³ + x² + 1. */
function times(left: number, right: number): number {
  let product = 0;
  for (let bit = 7; bit >= 0; bit--) {
    product = (product << 1) ^ ((product >> 7) * 0x11d);
    if ((right >> bit) & 1) product ^= left;
  }
  return product;
}

/** The remainder of Reed and Solomon. */
function checked(data: readonly number[]): number[] {
  let divisor = [1];
  for (let power = 0, root = 1; power < CHECK_BYTES; power++, root = times(root, 2)) {
    const next = [...divisor, 0];
    divisor.forEach((each, index) => (next[index + 1] = (next[index + 1] ?? 0) ^ times(each, root)));
    divisor = next;
  }
  const rest = [...data, ...Array<number>(CHECK_BYTES).fill(0)];
  for (let index = 0; index < data.length; index++) {
    const factor = rest[index] ?? 0;
    divisor.forEach((each, place) => (rest[index + place] = (rest[index + place] ?? 0) ^ times(each, factor)));
  }
  return rest.slice(data.length);
}

/** From the middle of the finder on this side: up to 4 within it and its margin. */
const fromFinder = (place: number): number => Math.abs(place < SIZE / 2 ? place - 3 : SIZE - 4 - place);

/** Finders with their margins, timing, and the module that is always dark; null where data goes. */
function fixed(row: number, column: number): boolean | null {
  const ring = Math.max(fromFinder(row), fromFinder(column));
  const isCorner = row < SIZE / 2 || column < SIZE / 2;
  if (isCorner && ring <= 4) return ring !== 2 && ring !== 4;
  if (row === 6) return column % 2 === 0;
  if (column === 6) return row % 2 === 0;
  return isFormat(row, column) ? formatAt(row, column) : null;
}

const isFormat = (row: number, column: number): boolean =>
  (row === 8 && (column <= 8 || column >= SIZE - 8)) || (column === 8 && (row <= 8 || row >= SIZE - 8));

/** Both copies of the format, the most significant bit first: along the row, and up the column. */
function formatAt(row: number, column: number): boolean {
  const bit = (index: number): boolean => ((FORMAT >> (14 - index)) & 1) === 1;
  if (row === 8 && column < 8) return bit(column < 6 ? column : column - 1);
  if (row === 8 && column >= SIZE - 8) return bit(column - SIZE + 15);
  if (row >= SIZE - 7) return bit(SIZE - 1 - row);
  if (row === SIZE - 8) return true;
  return bit(row > 6 ? 15 - row : 14 - row);
}

/** Draws `code`, up to 16 capitals and digits. Throws for anything else. */
export function qrOf(code: string): Modules {
  const data = packed(code);
  const bits = [...data, ...checked(data)].flatMap((byte) => bitsOf(byte, 8));
  const modules = Array.from({ length: SIZE }, (_, row) => Array.from({ length: SIZE }, (__, column) => fixed(row, column)));
  let place = 0;
  for (let right = SIZE - 1, isUpward = true; right > 0; right -= right === 8 ? 3 : 2, isUpward = !isUpward) {
    for (let step = 0; step < SIZE; step++) {
      const row = isUpward ? SIZE - 1 - step : step;
      for (const column of [right, right - 1]) {
        const line = modules[row];
        if (line?.[column] !== null) continue;
        line[column] = (bits[place++] === 1) !== ((row + column) % 2 === 0);
      }
    }
  }
  return modules.map((row) => row.map((module) => module === true));
}
