"""Names whose letters were changed on the way: an old character set, a wrong code page, letters lost.

Only what is certain counts. A name in which the damage left nothing but letters that European names also have, in an
order that they have too (Hång), cannot be told from one. `contracts/names.json` holds this and its TypeScript twin.
"""

import re
import unicodedata

_SOFT_HYPHEN = "\xad"

# TCVN3 (.VnTime) shown in Unicode: symbols no name has, or ï after a consonant (Phïng). Its ã is a middle dot, which
# Catalan has between two l.
_TCVN3 = re.compile(
    "[\x80-\x9f\xa1-\xac\xae-\xb3\xb5\xb6\xb8-\xbf\xd7\xf7\u0192]|(?:^|[^lL])\xb7|\xb7(?![lL])"
    "|[b-df-hj-np-tv-xzB-DF-HJ-NP-TV-XZ]ï"
)
# An accented capital after a small letter: TCVN3 (TrÇn), Windows-1258 (NguyêÞn) and UTF-8 in it; not Ó hÉidhniú.
_CAPITAL_INSIDE = re.compile("[A-Za-zÀ-ÖØ-öø-ÿ][a-zß-öø-ÿ][À-ÖØ-ÞĂ]|Ă[´şťłŁšą]")
# VNI-Windows: a vowel followed by its mark as a second letter, ñ for đ before what no Spanish name has, and the middle
# name Thị. Pairs that occur in Vietnamese (Hoà) or foreign names (Leão, Seán, Anaïs, Jaén) are left out.
_VNI = re.compile(
    r"e[âàåä]|eã(?!o)|[iy]eá|a[âàáãäåêù]|[oô]å|o[âä]|uù|[aeouyôö][øõ]|[ôö][ùûï]|öô|aïn[gh]|(?:^| )phaïm"
    r"|aè[nmtcp]|aé(?:ng|[mtcp])(?![a-z])|aû[ionmyctpu]|[óò]nh|quo[áàã]|uïc|nghó"
    r"|(?:^|[ \-])ñ(?:inh|aï|aë|öù|ie|o[ãà])|(?:^| )thò(?: |$)"
)
# TCVN3 where it left letters only: Nguyễn, Huỳnh and Lợi.
_TCVN3_LETTERS = re.compile("nguyôn|huúnh|îi")
# Windows-1258 read as Latin-1: the tone is a letter of its own after the vowel (ì sharp, ò heavy, þ tilde), ư and ơ are
# ý and õ. Quì, Giò, Voòng, Eyþór and the like are names.
_WINDOWS_1258 = re.compile(
    r"[aeoâêôãõý]ì|[a-pr-z]uì|[a-z]yì|[aeyâêôãõý]ò|oò(?:[ptc])|[a-fh-pr-z]uò"
    r"|(?:^| )(?:th|ch|nh|tr|ph|kh|[bdhklmnstvx])iò|[aeiouâêôãõý]þ(?![óúry])|ýõ"
)
# UTF-8 read as Windows-1252, where it left no sign that the above names: its second byte is a quotation mark, say.
_UTF_8 = re.compile(
    "[ÃÄÆ][\x80-\xa0\xad\xb4\xb7\u0152\u0153\u0160\u0161\u0178\u017d\u017e\u0192\u02c6\u02dc\u2013\u2014\u2018-\u201a"
    "\u201c-\u201e\u2020-\u2022\u2026\u2030\u2039\u203a\u20ac\u2122]|á[şť]"
)
# ư of TCVN3 is a soft hyphen, which copied text has too: certain in what would be a syllable with ư.
_SYLLABLE_WITH_SOFT_HYPHEN = re.compile(
    r"(?:^| )(?:ngh?|nh|th|tr|ch|ph|kh|gi?|qu|[bcdhklmnprstvx])?\xad(?:[aiu]|ng|[nmct])?(?: |$)"
    r"|(?:^| )nguy\xadn(?: |$)|\xad[à-öø-ÿ]"
)
_BEYOND_LATIN_1 = re.compile("[\u0100-\u024f\u1e00-\u1eff]")


def has_lost_letters(text: str) -> bool:
    """Whether something stands where a letter was: a question mark, a replacement character, an empty box."""
    return re.search("[?\ufffd\ufffc\u25a0\u25a1]", text) is not None


def is_damaged(text: str) -> bool:
    """Whether `text`, before anything is taken out of it, shows letters of an old character set or code page."""
    composed = unicodedata.normalize("NFC", text)
    if _CAPITAL_INSIDE.search(composed) or _TCVN3.search(composed) or _UTF_8.search(composed):
        return True
    lowered = composed.lower()
    if _TCVN3_LETTERS.search(lowered) or _VNI.search(lowered) or _WINDOWS_1258.search(lowered):
        return True
    is_copied = _SOFT_HYPHEN not in lowered or _BEYOND_LATIN_1.search(lowered) is not None
    return not is_copied and _SYLLABLE_WITH_SOFT_HYPHEN.search(lowered) is not None
