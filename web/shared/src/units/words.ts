/** The words in what somebody seeks and in names: twin of `src/chotxanh/domain/unit_search.py`. */
import { bare, fold } from "../names.ts";

export const LONGEST_SOUGHT = 200; // characters
const MOST_WORDS = 12;
const TYPES = [
  ["thanh", "pho"],
  ["thi", "xa"],
  ["thi", "tran"],
  ["dac", "khu"],
  ...["tinh", "quan", "huyen", "phuong", "xa"].map((one) => [one]),
];
const SHORT = new Map([
  ["tp", ["thanh", "pho"]],
  ["tx", ["thi", "xa"]],
  ["tt", ["thi", "tran"]],
  ["dk", ["dac", "khu"]],
  ["sg", ["ho", "chi", "minh"]],
]);
const ONE_LETTER = new Map([
  ["p", "phuong"],
  ["q", "quan"],
  ["h", "huyen"],
  ["x", "xa"],
  ["t", "tinh"],
]);
const GLUED = /(tp|tx|tt)([a-z]{2,})/g; // tphcm
// br-vt: initials in two parts; what has a vowel is a word.
const PARTED = /\b([b-df-hj-np-tv-xz]{1,4})-([b-df-hj-np-tv-xz]{1,4})\b/g;

/** The first characters of what is typed, as many as are read. */
export function cut(text: string): string {
  return text.length > LONGEST_SOUGHT ? [...text].slice(0, LONGEST_SOUGHT).join("") : text;
}

/** The first words that somebody seeks, abbreviations of what a unit is written out. */
export function readSought(text: string): string[] {
  const typed = fold(cut(text)).replace(PARTED, "$1$2").replace(GLUED, "$1 $2");
  const words = wordsOf(typed);
  return words
    .flatMap((word, at) => SHORT.get(word) ?? [(at < words.length - 1 && ONE_LETTER.get(word)) || word])
    .slice(0, MOST_WORDS);
}

function wordsOf(text: string): string[] {
  return spaced(text).split(" ").filter(Boolean);
}

/** The folded words and numbers of each line, a blank between; a number has no leading noughts (Phường 01). */
export function spaced(lines: string): string {
  return bare(lines)
    .replace(/[^a-z0-9\n]+/g, " ")
    .replace(/[a-z](?=[0-9])|[0-9](?=[a-z])/g, "$& ")
    .replace(/(^|[ \n])0+(?=[0-9])/g, "$1");
}

/** Of the words of a name, how many at the beginning only tell what a unit is. */
export function countSayingWhat(words: readonly string[]): number {
  return TYPES.find((type) => type.every((word, at) => words[at] === word))?.length ?? 0;
}
