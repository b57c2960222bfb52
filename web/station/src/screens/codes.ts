/** Codes as people read them. */
import { group, parseCode } from "../../../shared/src/codes.ts";

/** Own codes in groups; anything else as it came. */
export function readable(code: string): string {
  return parseCode(code) ? group(code) : code;
}
