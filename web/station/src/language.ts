/** What the station says, in the chosen language; the texts are shared with the rest of the house. */
import problemTexts from "../../../contracts/texts/problems.json";
import texts from "../../../contracts/texts/station.json";

export type Language = "vi" | "en";
export type TextKey = keyof typeof texts;
export type Params = Record<string, string | number>;

/** A text with what fills its places. */
export interface Sentence {
  key: TextKey;
  params?: Params;
}

interface Text {
  vi: string;
  en: string;
}

const problems: Readonly<Record<string, Text>> = problemTexts;

function filled(text: string, params: Params): string {
  return text.replace(/\{(\w+)\}/g, (whole, name: string) => String(params[name] ?? whole));
}

export function say(language: Language, key: TextKey, params: Params = {}): string {
  return filled(texts[key][language], params);
}

/** How many people: one person, or more. */
export function sayPeople(language: Language, count: number): string {
  return say(language, count === 1 ? "tray.person" : "tray.people", { count });
}

/** The sentence for a value that comes from outside, or the value itself where this version has no word for it. */
export function sayValue(language: Language, family: string, value: string): string {
  const text = (texts as Record<string, Text>)[`${family}.${value}`];
  return text ? text[language] : value;
}

/** The sentence for a problem code; the code itself if the house has none. */
export function sayProblem(language: Language, code: string): string {
  const text = problems[`problem.${code}`];
  return text ? filled(text[language], {}) : code;
}
