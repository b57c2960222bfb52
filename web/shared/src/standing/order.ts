/** Puts things in order by a list of keys, and drops repetitions: what Python's tuples and sets do by themselves. */

/** A key to sort by: numbers, texts, false before true, and lists of these. */
export type Key = number | string | boolean | readonly Key[];

/** `items` in the order of their keys; equal ones keep theirs. */
export function inOrder<T>(items: readonly T[], key: (item: T) => Key): T[] {
  return [...items].sort((one, other) => compared(key(one), key(other)));
}

/** `items` without what says the same as one before it. */
export function distinct<T>(items: readonly T[], key: (item: T) => Key): T[] {
  const found = new Map(items.map((item) => [JSON.stringify(key(item)), item]));
  return [...found.values()];
}

function compared(one: Key, other: Key): number {
  if (!isList(one) || !isList(other)) return one < other ? -1 : one > other ? 1 : 0;
  for (const [index, each] of one.entries()) {
    const against = other[index];
    const order = against === undefined ? 1 : compared(each, against);
    if (order !== 0) return order;
  }
  return one.length - other.length;
}

function isList(key: Key): key is readonly Key[] {
  return Array.isArray(key);
}
