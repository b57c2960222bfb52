/** Names whose letters were changed on the way: twin of `src/chotxanh/domain/name_damage.py`. */

const TCVN3 =
  /[\x80-\x9f\xa1-\xac\xae-\xb3\xb5\xb6\xb8-\xbf\xd7\xf7\u0192]|(?:^|[^lL])\xb7|\xb7(?![lL])|[b-df-hj-np-tv-xzB-DF-HJ-NP-TV-XZ]ï/;
const CAPITAL_INSIDE = /[A-Za-zÀ-ÖØ-öø-ÿ][a-zß-öø-ÿ][À-ÖØ-ÞĂ]|Ă[´şťłŁšą]/;
const VNI = new RegExp(
  "e[âàåä]|eã(?!o)|[iy]eá|a[âàáãäåêù]|[oô]å|o[âä]|uù|[aeouyôö][øõ]|[ôö][ùûï]|öô|aïn[gh]|(?:^| )phaïm" +
    "|aè[nmtcp]|aé(?:ng|[mtcp])(?![a-z])|aû[ionmyctpu]|[óò]nh|quo[áàã]|uïc|nghó" +
    "|(?:^|[ \\-])ñ(?:inh|aï|aë|öù|ie|o[ãà])|(?:^| )thò(?: |$)",
);
const TCVN3_LETTERS = /nguyôn|huúnh|îi/;
const WINDOWS_1258 = new RegExp(
  "[aeoâêôãõý]ì|[a-pr-z]uì|[a-z]yì|[aeyâêôãõý]ò|oò(?:[ptc])|[a-fh-pr-z]uò" +
    "|(?:^| )(?:th|ch|nh|tr|ph|kh|[bdhklmnstvx])iò|[aeiouâêôãõý]þ(?![óúry])|ýõ",
);
const UTF_8 =
  /[ÃÄÆ][\x80-\xa0\xad\xb4\xb7\u0152\u0153\u0160\u0161\u0178\u017d\u017e\u02c6\u02dc\u2013\u2014\u2018-\u201a\u201c-\u201e\u2020-\u2022\u2026\u2030\u2039\u203a\u20ac\u2122]|á[şť]/;
const SYLLABLE_WITH_SOFT_HYPHEN =
  /(?:^| )(?:ngh?|nh|th|tr|ch|ph|kh|gi?|qu|[bcdhklmnprstvx])?\xad(?:[aiu]|ng|[nmct])?(?: |$)|(?:^| )nguy\xadn(?: |$)|\xad[à-öø-ÿ]/;
const BEYOND_LATIN_1 = /[\u0100-\u024f\u1e00-\u1eff]/;

/** Whether something stands where a letter was: a question mark, a replacement character, an empty box. */
export function hasLostLetters(text: string): boolean {
  return /[?\ufffd\ufffc\u25a0\u25a1]/.test(text);
}

/** Whether `text`, before anything is taken out of it, shows letters of an old character set or code page. */
export function isDamaged(text: string): boolean {
  const composed = text.normalize("NFC");
  if ([CAPITAL_INSIDE, TCVN3, UTF_8].some((shape) => shape.test(composed))) return true;
  const lowered = composed.toLowerCase();
  if ([TCVN3_LETTERS, VNI, WINDOWS_1258].some((shape) => shape.test(lowered))) return true;
  if (!lowered.includes("\xad") || BEYOND_LATIN_1.test(lowered)) return false;
  return SYLLABLE_WITH_SOFT_HYPHEN.test(lowered);
}
