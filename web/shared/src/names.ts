/** Names kept and folded: twin of `src/chotxanh/domain/names.py`, held to it by `contracts/names.json`. */

/* eslint-disable no-control-regex -- control characters come with scans and old lists and must go */
// Spelt out because the notion of white space differs between Python and JavaScript.
const SPACES = /[\t-\r\x1c-\x20\x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]+/g;
const INVISIBLE =
  /[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\xad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufeff]/g;
const APOSTROPHES = /['`\u00b4\u02b9-\u02bc\u02c8\u2018\u2019\u201b\u2032\uff07]/g;
const MARKS = /\p{Mn}/gu;

function singleSpaced(text: string): string {
  return text.replace(SPACES, " ").replace(/^ | $/g, "");
}

/** `text` as a name is kept: NFC, invisible characters removed, single spaces, trimmed; case as is. */
export function normaliseName(text: string): string {
  return singleSpaced(text.replace(INVISIBLE, "").normalize("NFC"));
}

/** `text` for search: lower case, đ and its likes to d, marks and apostrophes off, single spaces. */
export function fold(text: string): string {
  return singleSpaced(bare(text));
}

/** The same with its spaces as they are, so that many lines are folded at once. */
export function bare(text: string): string {
  return text
    .replace(INVISIBLE, "")
    .normalize("NFD")
    .toLowerCase()
    .normalize("NFD")
    .replace(MARKS, "")
    .replace(/[đðɖ]/g, "d")
    .replace(APOSTROPHES, "");
}
