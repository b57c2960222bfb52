/** The table of administrative units, as `src/chotxanh/cli/browser_units.py` writes and describes it. */

/** `code` means nothing without `scheme`; `laterNamed` is what it was called later where that was another name. */
export interface Unit {
  readonly scheme: string;
  readonly code: string;
  readonly name: string;
  readonly parent: Unit | undefined;
  readonly laterNamed: string;
}

export const SINCE_JULY_2025 = "nso-2025";
const COMMUNE_DIGITS = 5;
const PROVINCE = /^Tỉnh /; // goes without saying behind a commune

/** Reads the table; throws on a line that is none. */
export function readTable(table: string): Unit[] {
  const reader = new Reader();
  for (const line of table.split("\n")) reader.read(line);
  return reader.units;
}

class Reader {
  readonly units: Unit[] = [];
  private readonly path: Unit[] = []; // to the unit read last
  private scheme = "";
  private commune = 0;

  read(line: string): void {
    const blank = line.indexOf(" ");
    if (blank < 0) this.scheme = line;
    else this.add(line, blank);
  }

  /** Splits by hand: on an old phone a pattern took a second for them all. */
  private add(line: string, blank: number): void {
    let depth = 0;
    while (line.startsWith("\t", depth)) depth++;
    const parent = this.path[depth - 1];
    if (!this.scheme || (depth && !parent)) throw new Error(`no line of units: ${line}`);
    const [name = "", laterNamed = ""] = line.slice(blank + 1).split("\t");
    const unit = { scheme: this.scheme, code: this.code(depth, line.slice(depth, blank)), name, parent, laterNamed };
    this.path[depth] = unit;
    this.units.push(unit);
  }

  private code(depth: number, number: string): string {
    if (depth < (this.scheme === SINCE_JULY_2025 ? 1 : 2)) return number;
    this.commune += Number(number);
    return String(this.commune).padStart(COMMUNE_DIGITS, "0");
  }
}

/** The scheme and the code of a unit: `nso-2021:754`. */
export function named(unit: Unit): string {
  return `${unit.scheme}:${unit.code}`;
}

/** What stands above a unit, the nearest first: "Thị xã Phú Mỹ, Bà Rịa - Vũng Tàu". */
export function namesAbove(unit: Unit): string {
  const names: string[] = [];
  for (let at = unit.parent; at; at = at.parent) names.push(at.name.replace(PROVINCE, ""));
  return names.join(", ");
}

/** A unit's name with all that stands above it: "Phường Mỹ Xuân, Thị xã Phú Mỹ, Bà Rịa - Vũng Tàu". */
export function fullName(unit: Unit): string {
  return [unit.name, namesAbove(unit)].filter(Boolean).join(", ");
}
