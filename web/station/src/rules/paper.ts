/** Whose identity paper was scanned, among those who have declared: by name, year of birth and the end of its number. */
import { fold } from "../../../shared/src/names.ts";
import type { PersonCard } from "./cards.ts";

/** What an identity paper says of its owner. */
export interface Paper {
  kind: "card" | "document";
  name: string;
  birthYear: number;
  /** The last four of its number; empty where it was not read. */
  idEnding: string;
}

type Declared = Pick<PersonCard, "person_code" | "full_name" | "birth_year" | "id_ending" | "declared_at">;

/** Digits enough to tell people of one name and year apart, and too few to be anybody's number. */
export const idEndingOf = (number: string | undefined): string => number?.slice(-4) ?? "";

/** Whether name and year are those of the paper. */
export const isNamed = ({ name, birthYear }: Paper, card: Pick<PersonCard, "full_name" | "birth_year">): boolean =>
  fold(card.full_name) === fold(name) && card.birth_year === birthYear;

/** The code of the paper's owner, of several declarations the last one's; null where nobody's number ends so. */
export function declaredBy(paper: Paper, persons: Iterable<Declared>): string | null {
  if (paper.idEnding === "") return null;
  const owners = [...persons].filter((card) => card.id_ending === paper.idEnding && isNamed(paper, card));
  owners.sort((a, b) => (a.declared_at < b.declared_at ? 1 : -1));
  return owners[0]?.person_code ?? null;
}
