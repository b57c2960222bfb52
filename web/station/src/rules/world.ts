/** What the officer has before them: the open desk, and what the station knows around it. */
import type { PersonCard } from "./cards.ts";
import type { IdentitySeen } from "./entry.ts";
import type { Tubes } from "./overlay.ts";
import type { Told } from "./sampling.ts";
import type { Testing } from "./testing.ts";
import type { Works } from "./works.ts";

export type Desk =
  | { step: "idle" }
  | { step: "collecting"; tube: string; members: readonly string[]; seen?: Seen; isHousehold?: boolean }
  /** `isUnseen`: its sampling has not arrived here; a result can be entered, and waits for it. */
  | { step: "resulting"; tube: string; correcting: boolean; isUnseen?: true };

export type Collecting = Extract<Desk, { step: "collecting" }>;

/** How the officer knew who somebody in the open tube is, by code; of whom only the code was scanned it says nothing. */
export type Seen = Readonly<Record<string, IdentitySeen>>;

export interface Place {
  facility: string;
  site: string;
  post: string;
}

/** Of each person whom the station knows: who it is, and the category of the last journey. */
export type Persons = ReadonlyMap<
  string,
  Pick<PersonCard, "registration" | "category" | "full_name" | "birth_year" | keyof Told>
>;

export interface World {
  place: Place;
  tubes: Tubes;
  persons: Persons;
  /** What whoever is at work does at this post: what else is asked for is refused. */
  works: Works;
  /** What the shift tests with; null where the province lists nothing. */
  testing: Testing | null;
  /** Everything that may be chosen: a tube may have been taken for another kit. */
  choices: readonly Testing[];
  now: number;
  /** The province has revoked this device: what is collected may be finished, nothing new begins. */
  isRevoked: boolean;
}
