/** Licence plates with every reading: twin of `src/chotxanh/domain/plates.py`. */
import units from "../../../contracts/units.json";

export interface PlateReading {
  readonly vehicle_class: string;
  readonly plate: string;
  /** Of the scheme nso-2021; null where the plate names no province. */
  readonly province_code: string | null;
}

export const LONGEST_PLATE = 20;

const CENTRAL_PLATE_CODE = "80";
const PROVINCE_OF_PLATE_CODE: ReadonlyMap<string, string> = new Map(
  units.provinces.flatMap(({ code, plate_codes }) => plate_codes.map((plate): [string, string] => [plate, code])),
);
const CLASSES_OF_SERIES: Readonly<Record<string, readonly string[]>> = {
  C: ["truck", "car"],
  B: ["coach", "car"],
  R: ["trailer"],
  RM: ["trailer"],
  LD: ["car", "truck", "coach"],
};

const CAR = /^([0-9]{2})(KT|LD|DA|HC|TĐ|CD|RM|MK|[ABCDEFGHKLMNPSTUVXYZR])[0-9]{4,5}$/;
const WITH_PROVINCE: readonly (readonly [string, RegExp])[] = [
  ["motorbike", /^([0-9]{2})(?:MĐ[0-9]|TĐ|[ABCDEFGHKLMNPSTUVXYZ][1-9]|[ABCDEFGHKLMNPSTUVXYZ]{2})[0-9]{4,5}$/],
  ["diplomatic", /^([0-9]{2})[0-9]{3}(?:NG|QT|NN|CV)[0-9]{2,3}$/],
  ["temporary", /^T([0-9]{2})[0-9]{4,6}$/],
];
const WITHOUT_PROVINCE: readonly (readonly [string, RegExp])[] = [
  ["military", /^[A-DHKPQTV][A-VX][0-9]{4}$/],
  ["foreign", /^[0-9][A-Z]{1,2}[0-9]{4}$/],
  ["foreign", /^[\u0e81-\u0eae]{2}[0-9]{4}$/],
  ["foreign", /^[\u4e00-\u9fff][A-Z][0-9A-Z]{4,6}[\u4e00-\u9fff]?$/],
];

const LONGEST_TYPED = 200;
/** Letters of other alphabets that look like Latin ones: nobody sees which of them was typed. */
const ALIKE_FROM = Array.from("ÐƉАВЕЅІЈКМНОРСТУХΑΒΕΖΗΙΚΜΝΟΡΤΥΧ");
const ALIKE_TO = Array.from("ĐĐABESIJKMHOPCTYXABEZHIKMNOPTYX");
const ALIKE: ReadonlyMap<string, string> = new Map(
  ALIKE_FROM.map((letter, place): [string, string] => [letter, ALIKE_TO[place] ?? letter]),
);
/** Keyboards without Đ write D: certain where no other plate is written so. */
const WITH_D: readonly RegExp[] = [/^([0-9]{2}M)D([0-9]{6})$/, /^([0-9]{2}T)D([0-9]{4,5})$/];

/** `text` in NFC, upper case, letters and digits only, with Đ and Latin letters for those that look like them. */
export function normalisePlate(text: string): string {
  const start = Array.from(text.slice(0, 2 * LONGEST_TYPED)).slice(0, LONGEST_TYPED).join("");
  const letters = start.normalize("NFC").toUpperCase().match(/[\p{L}\p{N}]/gu) ?? [];
  const plate = letters
    .map((letter) => ALIKE.get(letter) ?? letter)
    .slice(0, LONGEST_PLATE)
    .join("");
  return WITH_D.reduce((written, shape) => written.replace(shape, "$1Đ$2"), plate);
}

function isIssued(plateCode: string): boolean {
  return plateCode === CENTRAL_PLATE_CODE || PROVINCE_OF_PLATE_CODE.has(plateCode);
}

/** Every vehicle `text` can name, likeliest first; empty for an unrecognised plate, which is no error. */
export function readings(text: string): PlateReading[] {
  const plate = normalisePlate(text);
  const withoutProvince = WITHOUT_PROVINCE.filter(([, pattern]) => pattern.test(plate));
  return [
    ...carReadings(plate),
    ...WITH_PROVINCE.flatMap(([name, pattern]) => issuedReadings(plate, [name], pattern.exec(plate)?.[1])),
    ...withoutProvince.map(([vehicle_class]) => ({ vehicle_class, plate, province_code: null })),
  ];
}

function carReadings(plate: string): PlateReading[] {
  const found = CAR.exec(plate);
  return issuedReadings(plate, CLASSES_OF_SERIES[found?.[2] ?? ""] ?? ["car"], found?.[1]);
}

function issuedReadings(plate: string, classes: readonly string[], plateCode: string | undefined): PlateReading[] {
  if (plateCode === undefined || !isIssued(plateCode)) return [];
  const province_code = PROVINCE_OF_PLATE_CODE.get(plateCode) ?? null;
  return classes.map((vehicle_class) => ({ vehicle_class, plate, province_code }));
}
