/** How what somebody types finds an administrative unit: twin of `src/chotxanh/domain/unit_search.py`. */
import { normaliseName } from "../names.ts";
import type { Unit } from "./table.ts";
import { countSayingWhat, cut, readSought, spaced } from "./words.ts";

const MOST_FOUND = 10;
const LEVELS = [2, 3, 5]; // digits of a code, the widest first
const COMMUNE = 2;
const LONGEST_FEW = 2; // letters that find no commune
const IS_WHOLE = 0;
const BEGINS = 1;
const LIES_WITHIN = 2;

/** A name in full and, for what is said so, with its initials; the first `saysWhat` words only tell what a unit is. */
interface Name {
  readonly forms: readonly (readonly string[])[];
  readonly saysWhat: number;
}

/** A unit with one of its names, and the words it is found by, each between blanks: its own, and of what is above. */
class Sought {
  readonly level: number;
  readonly isLater: boolean;
  private read: Name | undefined;

  constructor(
    readonly unit: Unit,
    readonly named: string,
    readonly own: string,
    readonly above: string,
  ) {
    this.level = levelOf(unit);
    this.isLater = named !== unit.name;
    this.read = undefined;
  }

  /** Its name, read when it is first needed: few are. */
  get name(): Name {
    return (this.read ??= readName(this.own.slice(1, -1).split(" "), this.level));
  }
}

/** One way to part what is sought: words of its own, and what must stand above it, each behind a blank. */
interface Parting {
  readonly own: readonly string[];
  readonly rest: readonly string[];
  readonly isTurned: number;
}

/** Each word behind a blank: the first, the last, and all, those first that the fewest have, which are the longest. */
interface Asked {
  readonly first: string;
  readonly last: string;
  readonly rarest: readonly string[];
  readonly partings: readonly Parting[];
}

interface Ranked {
  readonly sought: Sought;
  readonly weight: number;
}

export class Finder {
  private readonly all: Sought[];
  private readonly wide: Sought[];

  /** Takes the units in; those above another must come before it. */
  constructor(units: readonly Unit[]) {
    this.all = readAll(units);
    this.wide = this.all.filter(({ level }) => level < COMMUNE);
  }

  /** At most so many units that `text` may mean, the likeliest first; one or two letters find no communes. */
  find(text: string, most = MOST_FOUND): Unit[] {
    const words = readSought(text);
    if (!words.length) return [];
    const found = this.ranked(words);
    const typed = normaliseName(cut(text)).toLowerCase();
    const wholes = words.map((word) => ` ${word} `);
    const units = new Set<Unit>();
    for (const rank of [...found.keys()].sort((one, other) => one - other)) {
      for (const { unit } of first(2 * most, found.get(rank) ?? [], typed, wholes)) units.add(unit);
      if (units.size >= most) break; // of those that nobody will see it is not asked which comes first
    }
    return [...units].slice(0, most);
  }

  private ranked(words: readonly string[]): Map<number, Sought[]> {
    const asked = partingsOf(words);
    const found = new Map<number, Sought[]>();
    for (const each of words.join("").length <= LONGEST_FEW ? this.wide : this.all) {
      const rank = mayFit(each, asked) ? rankOf(each, asked) : Infinity;
      if (rank === Infinity) continue;
      const alike = found.get(rank);
      if (alike) alike.push(each);
      else found.set(rank, [each]);
    }
    return found;
  }
}

/** Folds all names at once: one by one takes ten times as long. */
function readAll(units: readonly Unit[]): Sought[] {
  const names = units.flatMap(({ name, laterNamed }) => (laterNamed ? [name, laterNamed] : [name]));
  const folded = spaced(names.join("\n")).split("\n");
  const overs = new Map<Unit | undefined, string>([[undefined, ""]]);
  const all: Sought[] = [];
  for (const unit of units) {
    const above = overs.get(unit.parent) ?? "";
    for (const named of unit.laterNamed ? [unit.name, unit.laterNamed] : [unit.name]) {
      const own = ownWords(folded[all.length] ?? "", levelOf(unit));
      if (named === unit.name && levelOf(unit) < COMMUNE) overs.set(unit, own + above);
      all.push(new Sought(unit, named, own, above));
    }
  }
  return all;
}

function levelOf(unit: Unit): number {
  return LEVELS.indexOf(unit.code.length);
}

/** The words of a name, with the initials that it has if there are two of them or more; nobody says a commune's. */
function ownWords(name: string, level: number): string {
  if (level === COMMUNE) return ` ${name} `;
  const words = name.split(" ");
  const initials = words.slice(countSayingWhat(words)).map((word) => word.charAt(0));
  return ["", ...words, ...(initials.length > 1 ? [initials.join("")] : []), ""].join(" ");
}

/** The other way round. */
function readName(words: readonly string[], level: number): Name {
  const saysWhat = countSayingWhat(words);
  if (level === COMMUNE || words.length - saysWhat < 3) return { saysWhat, forms: [words] };
  return { saysWhat, forms: [words.slice(0, -1), [...words.slice(0, saysWhat), ...words.slice(-1)]] };
}

/** Every way to part the words: some of them, first or last, are a unit's own, the others tell what stands above it. */
function partingsOf(words: readonly string[]): Asked {
  const beginnings = words.map((word) => ` ${word}`);
  const parted: Parting[] = [{ own: words, rest: [], isTurned: 0 }];
  for (let count = words.length - 1; count > 0; count--) {
    const rest = words.length - count;
    parted.push({ own: words.slice(0, count), rest: beginnings.slice(count), isTurned: 0 });
    parted.push({ own: words.slice(rest), rest: beginnings.slice(0, rest), isTurned: 1 });
  }
  const rarest = [...new Set(beginnings)].sort((one, other) => other.length - one.length);
  return { first: beginnings[0] ?? "", last: beginnings[beginnings.length - 1] ?? "", rarest, partings: parted };
}

/** Looks quickly whether the words can be in its name, the first or the last, or above it. */
function mayFit({ own, above }: Sought, { first, last, rarest }: Asked): boolean {
  for (const beginning of rarest) if (!own.includes(beginning) && !above.includes(beginning)) return false;
  return own.includes(first) || own.includes(last);
}

/**
 * One number for how well the words fit, then whether the order is turned, how wide it is, how many tell the rest;
 * infinite where they do not fit.
 */
function rankOf({ above, level, name }: Sought, asked: Asked): number {
  let best = Infinity;
  for (const { own, rest, isTurned } of asked.partings) {
    if (!areIn(above, rest)) continue;
    best = Math.min(best, ((fit(name, own) * 2 + isTurned) * 3 + level) * 100 + rest.length);
  }
  return best;
}

function areIn(text: string, parts: readonly string[]): boolean {
  for (const part of parts) if (!text.includes(part)) return false;
  return true;
}

/** How well these words stand in a name, one after the other; infinitely badly where they nowhere do. */
function fit({ forms, saysWhat }: Name, words: readonly string[]): number {
  let best = Infinity;
  for (const form of forms) {
    for (let start = 0; start + words.length <= form.length; start++) {
      const fits = fitAt(form, start, words);
      if (fits === Infinity) continue;
      const isFirst = start === 0 || start === saysWhat;
      if (isFirst && fits === IS_WHOLE) return IS_WHOLE;
      best = Math.min(best, isFirst ? BEGINS : LIES_WITHIN);
    }
  }
  return best;
}

/** Whether these words are a name from there on, or begin it. */
function fitAt(form: readonly string[], start: number, words: readonly string[]): number {
  let letters = 0;
  for (let at = 0; at < words.length; at++) {
    const part = form[start + at] ?? "";
    const word = words[at] ?? "";
    if (!part.startsWith(word)) return Infinity;
    letters += part.length - word.length;
  }
  return letters === 0 && start + words.length === form.length ? IS_WHOLE : BEGINS;
}

/** Of those that fit alike so many that come first. */
function first(most: number, alike: readonly Sought[], typed: string, wholes: readonly string[]): Sought[] {
  const kept: Ranked[] = []; // in order
  for (const sought of alike) {
    const ranked = { sought, weight: weigh(sought, typed, wholes) };
    let at = kept.length;
    for (let before = kept[at - 1]; before && compare(ranked, before) < 0; before = kept[at - 1]) at--;
    if (at === most) continue;
    kept.splice(at, 0, ranked);
    if (kept.length > most) kept.pop();
  }
  return kept.map(({ sought }) => sought);
}

/** What decides first, the lower the better: the name of 2021, whole words, marks as typed. */
function weigh({ isLater, named, own, above }: Sought, typed: string, wholes: readonly string[]): number {
  let inPart = 0;
  for (const whole of wholes) if (!own.includes(whole) && !above.includes(whole)) inPart++;
  return (Number(isLater) * 100 + inPart) * 2 + Number(!named.toLowerCase().includes(typed));
}

function compare(one: Ranked, other: Ranked): number {
  return one.weight - other.weight || inOrder(one.sought, other.sought);
}

function inOrder({ unit, named }: Sought, { unit: than, named: thanNamed }: Sought): number {
  if (named !== thanNamed) return named < thanNamed ? -1 : 1;
  if (unit.scheme !== than.scheme) return unit.scheme < than.scheme ? -1 : 1;
  return unit.code < than.code ? -1 : 1;
}
