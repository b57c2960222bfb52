/** The station's store: the only place that reads or writes its database. */
import type { Card } from "../rules/cards.ts";
import { bodyText, type Circumstances, type Happening } from "../rules/entry.ts";
import type { Verdict } from "../rules/receipt.ts";
import { type Arrival, type CardName, type CardNews, forgetExpired, keepCards } from "./cards.ts";
import { allCards, allEntries, answer, openDatabase, write } from "./database.ts";
import type { Log, Meta, MetaChanges, StoredEntry } from "./records.ts";

/** What is known about an entry before it has its number. */
export interface Draft extends Omit<Circumstances, "log" | "seq"> {
  happening: Happening;
  /** Effective time, Unix ms. */
  at: number;
  /** Becomes the log if this store has none yet: a cleared store begins a new one. */
  freshLog: string;
}

type MaybeEntry = IDBRequest<StoredEntry | undefined>;

function putMeta(meta: IDBObjectStore, changes: MetaChanges): void {
  for (const [key, value] of Object.entries(changes)) {
    if (value === null) meta.delete(key);
    else meta.put(value, key);
  }
}

/** Kinds that the overlay needs until their card has come. */
const isAboutTube = (entry: StoredEntry): boolean => "tube" in entry.happening.facts;

export class Store {
  private constructor(private readonly database: IDBDatabase) {}

  static async open(factory: IDBFactory, name = "chotxanh-station"): Promise<Store> {
    return new Store(await openDatabase(factory, name));
  }

  close(): void {
    this.database.close();
  }

  async get<Key extends keyof Meta>(key: Key): Promise<Meta[Key] | null> {
    const meta = this.database.transaction("meta").objectStore("meta");
    return (await answer(meta.get(key) as IDBRequest<Meta[Key] | undefined>)) ?? null;
  }

  async put(changes: MetaChanges): Promise<void> {
    await write(this.database, ["meta"], async (open) => {
      putMeta(open("meta"), changes);
      return Promise.resolve();
    });
  }

  /** Numbers and writes one entry, with `changes`, in one transaction: all of it is on disk, or none. */
  async append(draft: Draft, changes: MetaChanges = {}): Promise<StoredEntry> {
    return write(this.database, ["entries", "meta"], async (open) => {
      const last = (await answer(open("meta").get("log") as IDBRequest<Log | undefined>)) ?? {
        log: draft.freshLog,
        seq: 0,
      };
      const log: Log = { log: last.log, seq: last.seq + 1 };
      const { id, at, happening } = draft;
      const body = bodyText(happening, { ...draft, ...log });
      const rest = { signature: null, state: "waiting", problem: null } as const;
      const entry: StoredEntry = { id, at, happening, body, seq: log.seq, ...rest };
      open("entries").add(entry);
      putMeta(open("meta"), { ...changes, log });
      return entry;
    });
  }

  async seal(id: string, signature: string): Promise<void> {
    await write(this.database, ["entries"], async (open) => {
      const entry = await answer(open("entries").get(id) as MaybeEntry);
      if (entry) open("entries").put({ ...entry, signature });
    });
  }

  /** Entries without a receipt, oldest first. */
  async waiting(limit?: number): Promise<StoredEntry[]> {
    const index = this.database.transaction("entries").objectStore("entries").index("state_seq");
    return allEntries(index, IDBKeyRange.bound(["waiting", 0], ["waiting", Infinity]), limit);
  }

  /** Every entry still kept, in any state. */
  async entries(): Promise<StoredEntry[]> {
    return allEntries(this.database.transaction("entries").objectStore("entries"));
  }

  /** Writes down a verified receipt. An entry leaves the outbox here and nowhere else. */
  async settle(verdicts: readonly Verdict[]): Promise<void> {
    await write(this.database, ["entries"], async (open) => {
      const entries = open("entries");
      for (const { id, state, problem } of verdicts) {
        const entry = await answer(entries.get(id) as MaybeEntry);
        if (entry?.state !== "waiting") continue;
        if (state === "settled" && !isAboutTube(entry)) entries.delete(id);
        else entries.put({ ...entry, state, problem });
      }
    });
  }

  /** Forgets receipted entries from before `at` (Unix ms): their cards have long come. Never one that waits. */
  async forgetSettled(at: number): Promise<void> {
    const settled = IDBKeyRange.bound(["settled", 0], ["settled", Infinity]);
    await write(this.database, ["entries"], async (open) => {
      const entries = open("entries");
      for (const entry of await allEntries(entries.index("state_seq"), settled)) {
        if (entry.at < at) entries.delete(entry.id);
      }
    });
  }

  async cards(): Promise<Card[]> {
    return allCards(this.database.transaction("cards").objectStore("cards"));
  }

  /** Keeps the highest version of each card, and how far the feed was read. */
  async putCards(cards: readonly Card[], arrival: Arrival = {}): Promise<CardNews> {
    return keepCards(this.database, cards, arrival);
  }

  /** Forgets the cards that are over at `now` (Unix ms). */
  async forgetExpired(now: number): Promise<CardName[]> {
    return forgetExpired(this.database, now);
  }
}
