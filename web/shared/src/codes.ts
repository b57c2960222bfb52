/** Codes of our own: twin of `src/chotxanh/domain/codes.py`, held to it by `contracts/codes.json`. */

/** 28 symbols that no Vietnamese input method transforms: no vowel, no D, no W. */
export const ALPHABET = "0123456789BCFGHJKLMNPQRSTVXZ";
export const CODE_LENGTH = 15;
export const COMMAND_STEM = "KCHTXNH";

const RANDOM_SYMBOLS = 13;
const RANDOM_BYTES = 16;
const GROUP_SIZE = 5;
// GF(4) as bit pairs: adding is XOR; times omega maps 0, 1, omega, omega + 1 to 0, omega, omega + 1, 1.
const TIMES_OMEGA = [
  [0, 1, 2, 3],
  [0, 2, 3, 1],
  [0, 3, 1, 2],
] as const;
const TIMES_TWO = [1, 2, 4] as const;
const RECORD = /^Q[0-9]{24,4000}[0-9B-Z]$/;

/** The first letter of a random code says what it names. */
export const CODE_TYPES = { P: "person", H: "appointment", S: "slip", T: "tube", B: "badge" } as const;
export type CodeType = keyof typeof CODE_TYPES;

/** What a gloved hand can say with a scanner: a closed list. */
export const COMMAND_CODES = {
  confirm: "KCHTXNH00Z",
  negative: "KCHTXNH11H",
  positive: "KCHTXNH221",
  invalid: "KCHTXNH33K",
  inconclusive: "KCHTXNH443",
  close_tube: "KCHTXNH55M",
  undo: "KCHTXNH665",
  print: "KCHTXNH77P",
  rest_of_tray_negative: "KCHTXNH887",
  cancel: "KCHTXNH99R",
  read_late: "KCHTXNHBB9",
  read_late_line: "KCHTXNHCCT",
  start_tests: "KCHTXNHFFC",
  household: "KCHTXNHGGX",
} as const;
export type Command = keyof typeof COMMAND_CODES;

export interface OwnCode {
  readonly type: CodeType;
  /** 15 characters, upper case, without separators. */
  readonly value: string;
}

const COMMAND_OF_CODE: ReadonlyMap<string, Command> = new Map(
  (Object.keys(COMMAND_CODES) as Command[]).map((command) => [COMMAND_CODES[command], command]),
);

function isCodeType(letter: string): letter is CodeType {
  return Object.hasOwn(CODE_TYPES, letter);
}

/** The weighted sums in GF(4) and Z7; undefined when a character is outside the alphabet. */
function checkSums(body: string): readonly [number, number] | undefined {
  let inGf4 = 0;
  let inZ7 = 0;
  for (let position = 0; position < body.length; position++) {
    const index = ALPHABET.indexOf(body.charAt(position));
    if (index < 0) return undefined;
    const phase = (position % 3) as 0 | 1 | 2;
    inGf4 ^= TIMES_OMEGA[phase][(index % 4) as 0 | 1 | 2 | 3];
    inZ7 += TIMES_TWO[phase] * (index % 7);
  }
  return [inGf4, inZ7 % 7];
}

/** Whether `code` is of the alphabet only and ends in the right check character. */
export function isChecked(code: string): boolean {
  const sums = code.length < 2 ? undefined : checkSums(code);
  return sums !== undefined && sums[0] === 0 && sums[1] === 0;
}

/**
 * The symbol that makes both weighted sums of body and check character zero: it catches every substitution
 * and every swap of neighbours. Throws RangeError for a character outside the alphabet.
 */
export function checkCharacter(body: string): string {
  for (const symbol of ALPHABET) {
    const sums = checkSums(body + symbol);
    if (sums !== undefined && sums[0] === 0 && sums[1] === 0) return symbol;
  }
  throw new RangeError("a character is outside the alphabet");
}

/** A code that cannot be guessed, from at least 16 random bytes read as one big-endian number modulo 28 ** 13. */
export function newCode(type: CodeType, randomBytes: Uint8Array): string {
  if (randomBytes.length < RANDOM_BYTES) throw new RangeError("16 random bytes are needed");
  let number = 0n;
  for (const byte of randomBytes) number = (number << 8n) | BigInt(byte);
  let symbols = "";
  for (let place = 0; place < RANDOM_SYMBOLS; place++) {
    symbols = ALPHABET.charAt(Number(number % 28n)) + symbols;
    number /= 28n;
  }
  const body = type + symbols;
  return body + checkCharacter(body);
}

/** `text` as a code is stored: upper case, without the separators people type or read. */
export function plain(text: string): string {
  return text.replace(/[ \-\u00a0\t\r\n]/g, "").toUpperCase();
}

/** The random code that was scanned or typed, in either case, grouped or not. */
export function parseCode(text: string): OwnCode | undefined {
  if (text.length > 2 * CODE_LENGTH) return undefined;
  const value = plain(text);
  const type = value.charAt(0);
  if (value.length !== CODE_LENGTH || !isCodeType(type) || !isChecked(value)) return undefined;
  return { type, value };
}

/** The command whose printed code was scanned or typed; a foreign code that begins with K is never one. */
export function parseCommand(text: string): Command | undefined {
  return text.length > 2 * CODE_LENGTH ? undefined : COMMAND_OF_CODE.get(plain(text));
}

/** The digits of a self-contained record. */
export function parseRecord(text: string): string | undefined {
  const value = text.replace(/^[ \t\r\n]+|[ \t\r\n]+$/g, "").toUpperCase();
  return RECORD.test(value) && isChecked(value) ? value.slice(1, -1) : undefined;
}

/** `code` in groups of five, for reading aloud and typing only. */
export function group(code: string): string {
  const groups: string[] = [];
  for (let start = 0; start < code.length; start += GROUP_SIZE) groups.push(code.slice(start, start + GROUP_SIZE));
  return groups.join(" ");
}
