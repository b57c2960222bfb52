/** Of whom a card tells nothing that bears on the next sample. */
import type { Told } from "../rules/sampling.ts";

export const UNTOLD: Told = { sampling: "any", symptoms: [], exposures: [] };
