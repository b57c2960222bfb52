/** What a tube's barcode may be instead: twin of `src/chotxanh/domain/resemblance.py`. */
import { ALPHABET, CODE_LENGTH, COMMAND_STEM, parseCode, parseCommand } from "./codes.ts";

const PERSONAL_NUMBER = "0[0-9]{2}[0-3][0-9]{8}";
const MOBILE = "0[35789][0-9]{8}";
const INSURANCE = "[A-Z]{2}[0-9]{13}";
const DAY = "(?:0[1-9]|[12][0-9]|3[01])";
const MONTH = "(?:0[1-9]|1[0-2])";
const YEAR = "(?:19|20)[0-9]{2}";
const TIME = "(?:[ T][0-9]{1,2}:[0-9]{2}(?::[0-9]{2})?)?";

const whole = (pattern: string): RegExp => new RegExp(`^(?:${pattern})$`);

const SHAPES: readonly (readonly [string, RegExp])[] = [
  ["may_be_id_number", whole("[0-9]{12}|[0-9]{9}")],
  ["may_be_phone", whole(`(?:TEL:|SMSTO:|SMS:)?(?:${MOBILE}|[+]?84[35789][0-9]{8})`)],
  ["may_be_insurance_number", whole(INSURANCE)],
  ["may_be_passport_number", whole("[A-Z]{1,2}[0-9]{6,8}")],
  ["may_be_plate", whole("[0-9]{2}-?[A-Z]{1,2}[0-9]?[- ]?[0-9]{3}[.,]?[0-9]{1,2}")],
  [
    "may_be_date",
    whole(
      `(?:[0-9]{1,2}[/.\\- ][0-9]{1,2}[/.\\- ]${YEAR}|${YEAR}[/.\\-][0-9]{1,2}[/.\\-][0-9]{1,2})${TIME}` +
        `|${DAY}${MONTH}${YEAR}|${YEAR}${MONTH}${DAY}`,
    ),
  ],
  ["may_be_link", whole("(?:TEL|SMSTO|SMS|MAILTO|GEO|WIFI|SHC|DCC|MECARD|BEGIN|WWW|HTTPS?)[:.].*")],
  [
    "may_be_damaged_own_code",
    whole(`[BPHST][${ALPHABET}]{${String(CODE_LENGTH - 1)}}|Q[0-9]{24,}[0-9B-Z]|${COMMAND_STEM}[${ALPHABET}]{3}`),
  ],
];
const PRODUCT = /^(?:[0-9]{8}|[0-9]{13,14})$/;
const PRODUCT_OF_VIET_NAM = /^893[0-9]{10}$/;
const NUMBER = `(?:${PERSONAL_NUMBER}|${MOBILE}|${INSURANCE}|[A-Z][0-9]{7})`;
const TWO_NUMBERS = whole(`${NUMBER}(?: ?${NUMBER})+`);
const TWO_LABELS = /^([A-Z]{1,6}[-./]?)[0-9]{3,}(?: ?\1[0-9]{3,})+$/;
const FEWEST_OF_HALF = 4;
const LONGEST_COMMAND = 10;

/** Warnings (`may_be_...`) for a barcode in its normal form. */
export function resemblances(barcode: string): string[] {
  const warnings = SHAPES.flatMap(([warning, shape]) => (shape.test(barcode) ? [warning] : []));
  const isProduct = PRODUCT.test(barcode) && hasProductCheckDigit(barcode);
  if (isProduct || PRODUCT_OF_VIET_NAM.test(barcode)) warnings.push("may_be_product_code");
  if (isTwoScans(barcode)) warnings.push("may_be_two_scans");
  return warnings;
}

/** Weights 3 and 1 from the right (GS1). */
function hasProductCheckDigit(digits: string): boolean {
  const fromRight = Array.from(digits).reverse();
  return fromRight.reduce((sum, digit, place) => sum + Number(digit) * (place % 2 === 1 ? 3 : 1), 0) % 10 === 0;
}

/** Whether a scanner without a suffix ran two scans together: a code of ours within, twice the same, two numbers. */
function isTwoScans(text: string): boolean {
  const half = Math.floor(text.length / 2);
  const between = text.slice(half, text.length - half);
  const isSame = text.slice(0, half) === text.slice(-half) && (between === "" || between === " ");
  const isTwice = half >= FEWEST_OF_HALF && isSame;
  return isTwice || TWO_LABELS.test(text) || TWO_NUMBERS.test(text) || hasOwnCode(text);
}

function ends(text: string, length: number): string[] {
  return text.length > length ? [text.slice(0, length), text.slice(-length)] : [];
}

function hasOwnCode(text: string): boolean {
  return (
    ends(text, CODE_LENGTH).some((end) => parseCode(end) !== undefined) ||
    ends(text, LONGEST_COMMAND).some((end) => parseCommand(end) !== undefined)
  );
}
