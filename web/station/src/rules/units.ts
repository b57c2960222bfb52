/** Provinces by the numbering of 2021, for whoever comes from one. */
import units from "../../../../contracts/units.json";

export const UNITS_OF = units.scheme;
export const PROVINCES: readonly { code: string; name: string }[] = units.provinces;
