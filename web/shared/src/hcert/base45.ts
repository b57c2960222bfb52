/** Base45 (RFC 9285): twin of `src/chotxanh/domain/hcert/base45.py`, reading only. */
import { Malformed } from "./malformed.ts";

const ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:";
const NO_DIGIT = 255;
const DIGITS = new Uint8Array(128).fill(NO_DIGIT);
for (let digit = 0; digit < ALPHABET.length; digit++) DIGITS[ALPHABET.charCodeAt(digit)] = digit;

/** The bytes of base45 `text`. Throws Malformed; a space is data and is never stripped. */
export function decodeBase45(text: string): Uint8Array {
  const rest = text.length % 3;
  if (rest === 1) throw new Malformed("not base45");
  const whole = Math.floor(text.length / 3);
  const data = new Uint8Array(2 * whole + (rest === 2 ? 1 : 0));
  for (let group = 0; group < whole; group++) {
    const value = digit(text, 3 * group) + 45 * digit(text, 3 * group + 1) + 2025 * digit(text, 3 * group + 2);
    if (value > 0xffff) throw new Malformed("three characters above 65535");
    data[2 * group] = value >> 8;
    data[2 * group + 1] = value & 0xff;
  }
  if (rest === 2) {
    const value = digit(text, 3 * whole) + 45 * digit(text, 3 * whole + 1);
    if (value > 0xff) throw new Malformed("two characters above 255");
    data[2 * whole] = value;
  }
  return data;
}

function digit(text: string, place: number): number {
  const value = DIGITS[text.charCodeAt(place)] ?? NO_DIGIT;
  if (value === NO_DIGIT) throw new Malformed("not base45");
  return value;
}
