/** What a Vietnamese keyboard does to a scan: twin of `src/chotxanh/domain/keyboard.py`. */

const LETTERS = ["ă", "â", "ê", "ô", "\u0300", "\u0309", "\u0303", "\u0301", "\u0323", "đ", "₫", "ư", "ơ"];
const KEYS = "1234567890=[]";
const KEY_OF = new Map<string, string>(
  LETTERS.flatMap((letter, place): [string, string][] => [
    [letter, KEYS.charAt(place)],
    [letter.toUpperCase(), KEYS.charAt(place)],
  ]),
);
const REORDERED = /\u0323[\u0300\u0309\u0303\u0301]/;
const NOT_ASCII = /[^\u0000-\u007f]/; // eslint-disable-line no-control-regex -- ASCII itself
const LOOSE_MARK = /(?:^|[^a-zăâêôơưđ])[\u0300\u0309\u0303\u0301\u0323₫]/;
const TELEX_OR_VNI =
  /[ăâđêôơưàáảãạằắẳẵặầấẩẫậèéẻẽẹềếểễệìíỉĩịòóỏõọồốổỗộờớởỡợùúủũụừứửữựỳýỷỹỵ]/;

/**
 * `text` as the keys that were pressed, undefined unless every character fits the layout. Marks in the order that
 * normalisation gives them may have been swapped by it: such text is refused unless something shows it never was
 * normalised.
 */
export function undoLayout(text: string): string | undefined {
  const keys = Array.from(text, (character) => KEY_OF.get(character) ?? character).join("");
  if (keys === text || NOT_ASCII.test(keys) || /[0-9=[\]]/.test(text)) return undefined;
  const isRaw = text.normalize("NFC") !== text && text.normalize("NFD") !== text;
  return isRaw || !REORDERED.test(text) ? keys : undefined;
}

/** Whether a capital of the layout is there: 1 with Caps Lock or ! with Shift, so no digit for certain. */
export function hasShiftedKeys(text: string): boolean {
  return /[ĂÂÊÔĐƯƠ]/.test(text);
}

/** Whether loose tone marks stand where no letter takes them, as only the layout writes them. */
export function showsLayout(text: string): boolean {
  return LOOSE_MARK.test(text.toLowerCase());
}

/** Whether machine-made text holds a Vietnamese letter, as Telex and VNI leave them. */
export function showsInputMethod(text: string): boolean {
  return TELEX_OR_VNI.test(text.normalize("NFC").toLowerCase());
}

/** `text` with the letters that the marks were put on, đ as d. */
export function withoutMarks(text: string): string {
  return text
    .normalize("NFD")
    .replace(/đ/g, "d")
    .replace(/Đ/g, "D")
    .replace(/[\u0300-\u036f]/g, "");
}
