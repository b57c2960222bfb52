/** What the page asks its worker, and what it answers. */

/** A unit as the box offers it: `value` is its scheme and code, `words` what is written into the box. */
export interface Suggestion {
  readonly value: string;
  readonly words: string;
  readonly name: string;
  readonly above: string;
  readonly isLater: boolean;
}

/** Without a text nothing is sought: the table is only made ready. */
export interface Question {
  readonly number: number;
  readonly table: string;
  readonly text: string;
}

/** No suggestions at all where the table has not come. */
export interface Answer {
  readonly number: number;
  readonly suggestions: readonly Suggestion[] | null;
}
