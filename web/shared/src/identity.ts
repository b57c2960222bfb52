/** What a 12-digit personal number says about its holder: twin of `src/chotxanh/domain/identity.py`. */
import units from "../../../contracts/units.json";

const FIRST_FOREIGN_PREFIX = 101;
const PREFIXES: ReadonlySet<string> = new Set(units.provinces.map(({ code }) => `0${code}`));

export type Sex = "male" | "female";

/** The paper a number is of. */
export function idType(value: string): "cccd" | "cmnd" | "passport" {
  if (/^[0-9]{12}$/.test(value)) return "cccd";
  return /^[0-9]{9}$/.test(value) ? "cmnd" : "passport";
}

/** The year of birth that a 12-digit number says, undefined for any other text. */
export function birthYearOf(idNumber: string): number | undefined {
  if (!/^[0-9]{12}$/.test(idNumber)) return undefined;
  return 1900 + 100 * Math.floor(Number(idNumber.charAt(3)) / 2) + Number(idNumber.slice(4, 6));
}

/** Warnings where a 12-digit number disagrees with what else is known; corrected papers are real. */
export function crossChecks(idNumber: string, sex: Sex | undefined, birthYear: number | undefined): string[] {
  const saidYear = birthYearOf(idNumber);
  if (saidYear === undefined) return [];
  const centuryAndSex = Number(idNumber.charAt(3));
  const saidSex: Sex = centuryAndSex % 2 === 1 ? "female" : "male";
  const prefix = idNumber.slice(0, 3);
  const warnings: string[] = [];
  if (sex !== undefined && sex !== saidSex) warnings.push("id_and_sex_disagree");
  if (birthYear !== undefined && birthYear !== saidYear) warnings.push("id_and_birth_year_disagree");
  if (!PREFIXES.has(prefix) && Number(prefix) < FIRST_FOREIGN_PREFIX) warnings.push("id_province_unknown");
  return warnings;
}
