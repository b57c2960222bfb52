/** Finds administrative units beside the page, so that typing never waits for it. */
import { Finder } from "../../shared/src/units/finder.ts";
import {
  fullName,
  named,
  namesAbove,
  readTable,
  SINCE_JULY_2025,
  type Unit,
} from "../../shared/src/units/table.ts";
import type { Answer, Question, Suggestion } from "./suggestion.ts";

let finder: Promise<Finder> | undefined;

async function load(table: string): Promise<Finder> {
  const answer = await fetch(table);
  if (!answer.ok) throw new Error(String(answer.status));
  return new Finder(readTable(await answer.text()));
}

async function find({ table, text }: Question): Promise<Suggestion[] | null> {
  finder ??= load(table);
  try {
    return (await finder).find(text).map(suggestion);
  } catch {
    finder = undefined; // the next question asks for the table anew
    return null;
  }
}

function suggestion(unit: Unit): Suggestion {
  return {
    value: named(unit),
    words: fullName(unit),
    name: unit.name,
    above: namesAbove(unit),
    isLater: unit.scheme === SINCE_JULY_2025,
  };
}

self.addEventListener("message", ({ data }: MessageEvent<Question>) => {
  void find(data).then((suggestions) => {
    self.postMessage({ number: data.number, suggestions } satisfies Answer);
  });
});
