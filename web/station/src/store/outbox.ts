/** Entries in the database: numbered, waiting, acknowledged and kept for a while, sent or recorded again. */
import { type Known, isBehind, type Lost, lostBy } from "../rules/again.ts";
import { pointing, type Renamed, renumbered } from "../rules/entry.ts";
import { isRefused } from "../rules/overlay.ts";
import type { Receipt, EntryAnswer } from "../rules/receipt.ts";
import { allEntries, answer, type Open, write } from "./database.ts";
import type { Log, SignedReceipt, StoredEntry } from "./records.ts";

/** How long an acknowledged entry is kept, to be sent again to a node whose database was put back. */
export const KEPT_MS = 7 * 24 * 3_600_000;

const inState = (state: StoredEntry["state"]): IDBKeyRange => IDBKeyRange.bound([state, 0], [state, Infinity]);

/** How often the node is asked what has become of what it holds. */
const ASKED_EVERY_MS = 60_000;

/** What the node holds, nobody has decided on yet, and was not asked about for a minute; the longest unasked first. */
export async function heldUnasked(database: IDBDatabase, at: number, limit: number): Promise<StoredEntry[]> {
  const index = database.transaction("entries").objectStore("entries").index("state_seq");
  const asked = ({ receiptedAt }: StoredEntry): number => receiptedAt ?? 0;
  const due = (entry: StoredEntry): boolean => !isRefused(entry) && asked(entry) <= at - ASKED_EVERY_MS;
  return (await allEntries(index, inState("held"))).filter(due).sort((a, b) => asked(a) - asked(b)).slice(0, limit);
}

const ACKNOWLEDGED = ["settled", "held"] as const;
const STORES = ["entries", "meta"];

/** What became of an entry that was sent, or null if the node's word changes nothing about it. */
function settled(entry: StoredEntry, { state, problem }: EntryAnswer, at: number): StoredEntry | null {
  if (state === "reused" || state === "unknown") return null;
  return { ...entry, state, problem, receiptedAt: at };
}

async function putAnswers(entries: IDBObjectStore, answers: readonly EntryAnswer[], at: number): Promise<void> {
  for (const told of answers) {
    const entry = await answer(entries.get(told.id) as IDBRequest<StoredEntry | undefined>);
    const isAsked = entry?.state === "waiting" || entry?.state === "held";
    const after = isAsked ? settled(entry, told, at) : null;
    if (after) entries.put(after);
  }
}

async function acknowledged(entries: IDBObjectStore, lost: Lost): Promise<StoredEntry[]> {
  const found: StoredEntry[] = [];
  if (lost.everything) {
    for (const state of ACKNOWLEDGED) found.push(...(await allEntries(entries.index("state_seq"), inState(state))));
    return found;
  }
  for (const [log, ranges] of lost.ranges) {
    for (const [first, last] of ranges) {
      const numbers = IDBKeyRange.bound([log, first], [log, last]);
      found.push(...(await allEntries(entries.index("log_seq"), numbers)));
    }
  }
  return found.filter(({ state }) => state === "settled" || state === "held");
}

/** Lets what the node has lost wait once more, but for what it has just told of; answers with how many. */
async function loseAgain(entries: IDBObjectStore, lost: Lost, told: readonly EntryAnswer[] = []): Promise<number> {
  const here = new Set(told.map(({ id }) => id));
  const again = (await acknowledged(entries, lost)).filter(({ id }) => !here.has(id));
  for (const entry of again) entries.put({ ...entry, state: "waiting" });
  return again.length;
}

const known = async (open: Open): Promise<Known | null> =>
  (await answer(open("meta").get("known") as IDBRequest<Known | undefined>)) ?? null;

/** How many acknowledged entries must be sent again, and whether the log was given up for a new one. */
export interface Settled {
  again: number;
  isLogGivenUp: boolean;
}

/** Writes down a verified receipt: its answers, and what it says of entries that were acknowledged before. */
export async function settle(
  database: IDBDatabase,
  receipt: Receipt,
  signed: SignedReceipt,
  at: number,
): Promise<Settled> {
  return write(database, STORES, async (open) => {
    const before = await known(open);
    const isSameLife = before?.epoch === receipt.epoch;
    await putAnswers(open("entries"), receipt.answers, at);
    const again = await loseAgain(open("entries"), lostBy(receipt, before), receipt.answers);
    const highest = { ...(isSameLife ? before.highest : {}), ...Object.fromEntries(receipt.highest) };
    open("meta").put({ epoch: receipt.epoch, highest } satisfies Known, "known");
    open("meta").put(signed, "receipt");
    const log = (await answer(open("meta").get("log") as IDBRequest<Log | undefined>)) ?? null;
    const isLogGivenUp = isBehind(receipt, log);
    if (isLogGivenUp) open("meta").delete("log");
    return { again, isLogGivenUp };
  });
}

/** The feed tells the node's life too; another one than before loses everything that was acknowledged. */
export async function noticeEpoch(database: IDBDatabase, epoch: string): Promise<number> {
  return write(database, STORES, async (open) => {
    const before = await known(open);
    if (before?.epoch === epoch) return 0;
    open("meta").put({ epoch, highest: {} } satisfies Known, "known");
    return before === null ? 0 : loseAgain(open("entries"), { everything: true });
  });
}

/** The start of a shift as it is recorded under an id: what a PIN opened signs each for itself. */
export interface Start {
  id: string;
  actor: string;
  happening: Extract<StoredEntry["happening"], { kind: "shift.started" }>;
}

export interface Renewal {
  ids: ReadonlySet<string>;
  /** The start of the shift that runs now, once more: a new log proves its actor anew. */
  start: Start | null;
  /** What takes the place of refused starts, by their ids. */
  starts: ReadonlyMap<string, Start>;
  freshLog: string;
  makeId: (at: number) => string;
}

const actorOf = (entry: StoredEntry): unknown => (JSON.parse(entry.body) as { actor: unknown }).actor;

interface ToRecord {
  entry: StoredEntry;
  /** Under which id, where it is bound to one. */
  id?: string;
}

const begun = (entry: StoredEntry, { id, happening }: Start): ToRecord => ({ entry: { ...entry, happening }, id });

/** The refused entries in their order, with the start of the shift before the first that needs it proven. */
function toRecord(refused: readonly StoredEntry[], start: Start | null, starts: Renewal["starts"]): ToRecord[] {
  const again = refused.map((entry) => {
    const anew = starts.get(entry.id);
    return anew ? begun(entry, anew) : { entry };
  });
  const own = start ? refused.findIndex((entry) => actorOf(entry) === start.actor) : -1;
  const first = refused[own];
  if (!start || !first || first.happening.kind === "shift.started") return again;
  return [...again.slice(0, own), begun(first, start), ...again.slice(own)];
}

/** What was recorded again before and now; an old id leads to the newest. */
async function renamedWith(meta: IDBObjectStore, fresh: Renamed): Promise<Renamed> {
  const before = (await answer(meta.get("renamed") as IDBRequest<Renamed | undefined>)) ?? {};
  const led = Object.entries(before).map(([old, id]) => [old, fresh[id] ?? id] as const);
  return { ...Object.fromEntries(led), ...fresh };
}

/** Lets every entry here that names one of `renamed` name it anew; what was acknowledged keeps its signed text. */
async function pointAnew(entries: IDBObjectStore, renamed: Renamed): Promise<void> {
  for (const entry of await allEntries(entries)) {
    const happening = pointing(entry.happening, renamed);
    if (JSON.stringify(happening) === JSON.stringify(entry.happening)) continue;
    const { id, log, seq } = entry;
    const body = renumbered(entry.body, { id, log, seq }, happening);
    entries.put({ ...entry, happening, ...(entry.state === "waiting" ? { body, signature: null } : {}) });
  }
}

/**
 * Records again, in a new log, what was refused because its running number had been given out before. It has other ids
 * then: whatever names one by its old id, such as a correction, is written anew too.
 */
export async function recordAgain(database: IDBDatabase, renewal: Renewal): Promise<void> {
  await write(database, STORES, async (open) => {
    const entries = open("entries");
    const waiting = await allEntries(entries.index("state_seq"), inState("waiting"));
    const refused = waiting.filter(({ id }) => renewal.ids.has(id));
    const last = (await answer(open("meta").get("log") as IDBRequest<Log | undefined>)) ?? null;
    const isSpoiled = last === null || refused.some(({ log }) => log === last.log);
    let log: Log = isSpoiled ? { log: renewal.freshLog, seq: 0 } : last;
    const fresh: Record<string, string> = {};
    for (const { entry, id = renewal.makeId(entry.at) } of toRecord(refused, isSpoiled ? renewal.start : null, renewal.starts)) {
      log = { log: log.log, seq: log.seq + 1 };
      fresh[entry.id] = id; // of the shift's start and the entry that follows it, the latter
      const body = renumbered(entry.body, { id, ...log }, entry.happening);
      entries.delete(entry.id);
      entries.put({ ...entry, ...log, id, body, signature: null, state: "waiting" });
    }
    const renamed = await renamedWith(open("meta"), fresh);
    await pointAnew(entries, renamed);
    open("meta").put(renamed, "renamed");
    open("meta").put(log, "log");
  });
}

/** Forgets what was acknowledged before `at` (Unix ms). Never one that waits, is held or was rejected. */
export async function forgetAcknowledged(database: IDBDatabase, at: number): Promise<void> {
  await write(database, ["entries"], async (open) => {
    for (const entry of await allEntries(open("entries").index("state_seq"), inState("settled"))) {
      if ((entry.receiptedAt ?? entry.at) < at) open("entries").delete(entry.id);
    }
  });
}

