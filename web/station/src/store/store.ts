/** The station's store: the only place that reads or writes its database. */
import type { Sealed } from "../keys/sealing.ts";
import type { Card } from "../rules/cards.ts";
import { bodyText, type Circumstances, type Happening, pointing, type Renamed } from "../rules/entry.ts";
import type { Receipt } from "../rules/receipt.ts";
import { type Arrival, type CardName, type CardNews, forgetExpired, keepCards } from "./cards.ts";
import { allCards, allEntries, answer, openDatabase, write } from "./database.ts";
import { forgetAcknowledged, heldUnasked, KEPT_MS, noticeEpoch, recordAgain, type Renewal, settle, type Settled } from "./outbox.ts";
import { forgetLooks, keepLooks } from "./looks.ts";
import { forgetSignOut, keepSignOut } from "./signouts.ts";
import { sealCards, unsealCards, wipeCards } from "./sealed.ts";
import type { Log, Look, Meta, MetaChanges, SignedReceipt, StoredEntry } from "./records.ts";

/** What is known about an entry before it has its number. */
export interface Draft extends Omit<Circumstances, "log" | "seq"> {
  happening: Happening;
  /** Effective time, Unix ms. */
  at: number;
  /** Becomes the log if this store has none yet: a cleared store begins a new one. */
  freshLog: string;
  sealed?: Sealed;
}

type MaybeEntry = IDBRequest<StoredEntry | undefined>;

function putMeta(meta: IDBObjectStore, changes: MetaChanges): void {
  for (const [key, value] of Object.entries(changes)) {
    if (value === null) meta.delete(key);
    else meta.put(value, key);
  }
}

/** How long after an acknowledged entry its card has surely come. */
const SHOWN_MS = 24 * 3_600_000;

/** Kinds that the overlay needs until their card has come. */
const isAboutTube = (entry: StoredEntry): boolean => "tube" in entry.happening.facts;

export class Store {
  private constructor(private readonly database: IDBDatabase) {}

  /** `lost` hears that nothing can be read or written any more. Rejects where the browser gives no database. */
  static async open(factory: IDBFactory, lost: () => void = () => undefined): Promise<Store> {
    return new Store(await openDatabase(factory, "chotxanh-station", lost));
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
      const { id, at } = draft;
      const renamed = (await answer(open("meta").get("renamed") as IDBRequest<Renamed | undefined>)) ?? {};
      const happening = pointing(draft.happening, renamed);
      const body = bodyText(happening, { ...draft, ...log });
      const rest = { signature: null, state: "waiting", problem: null } as const;
      const personal = draft.sealed ? { personal: draft.sealed } : {};
      const entry: StoredEntry = { id, at, happening, body, ...log, ...rest, ...personal };
      open("entries").add(entry);
      putMeta(open("meta"), { ...changes, log });
      return entry;
    });
  }

  /** Keeps the signature of an entry, unless it was written anew since. */
  async seal({ id, body }: Pick<StoredEntry, "id" | "body">, signature: string): Promise<void> {
    await write(this.database, ["entries"], async (open) => {
      const entry = await answer(open("entries").get(id) as MaybeEntry);
      if (entry?.body === body) open("entries").put({ ...entry, signature });
    });
  }

  /** Entries without a receipt, oldest first. */
  async waiting(limit?: number): Promise<StoredEntry[]> {
    const index = this.database.transaction("entries").objectStore("entries").index("state_seq");
    return allEntries(index, IDBKeyRange.bound(["waiting", 0], ["waiting", Infinity]), limit);
  }

  /** What the node holds and must be asked about again. */
  async held(now: number, limit: number): Promise<StoredEntry[]> {
    return heldUnasked(this.database, now, limit);
  }

  /** What the desk shows and the officer must know of: everything but acknowledged entries whose cards have come. */
  async entries(now: number): Promise<StoredEntry[]> {
    const all = await allEntries(this.database.transaction("entries").objectStore("entries"));
    return all.filter((entry) => entry.state !== "settled" || (isAboutTube(entry) && entry.at >= now - SHOWN_MS));
  }

  /** Writes down a verified receipt, and what it says of what was acknowledged before. */
  async settle(receipt: Receipt, signed: SignedReceipt, at: number): Promise<Settled> {
    return settle(this.database, receipt, signed, at);
  }

  /** Notes which life the node lives; answers with how many acknowledged entries must be sent again. */
  async noticeEpoch(epoch: string): Promise<number> {
    return noticeEpoch(this.database, epoch);
  }

  /** Records again in a new log what was refused as reused. */
  async recordAgain(renewal: Renewal): Promise<void> {
    await recordAgain(this.database, renewal);
  }

  /** Forgets what was acknowledged more than a week before `now` (Unix ms). */
  async forgetAcknowledged(now: number): Promise<void> {
    await forgetAcknowledged(this.database, now - KEPT_MS);
  }

  async keepLooks(looks: readonly Look[]): Promise<void> {
    await keepLooks(this.database, looks);
  }

  /** Forgets looks that were told to the node at `now` (Unix ms), but for those that it does not take yet. */
  async forgetLooks(told: readonly Look[], notYet: readonly Look[], now: number): Promise<void> {
    await forgetLooks(this.database, told, notYet, now);
  }

  async keepSignOut(session: string): Promise<void> {
    await keepSignOut(this.database, session);
  }

  async forgetSignOut(session: string): Promise<void> {
    await forgetSignOut(this.database, session);
  }

  async cards(): Promise<Card[]> {
    return allCards(this.database.transaction("cards").objectStore("cards"));
  }

  /** Keeps the highest version of each card, and how far the feed was read. */
  async putCards(cards: readonly Card[], arrival: Arrival = {}): Promise<CardNews> {
    return keepCards(this.database, cards, arrival);
  }

  async sealCards(seal: (text: string) => Promise<Sealed>): Promise<void> {
    await sealCards(this.database, seal);
  }

  async unsealCards(unseal: (sealed: Sealed) => Promise<string | null>): Promise<void> {
    await unsealCards(this.database, unseal);
  }

  async wipeCards(): Promise<void> {
    await wipeCards(this.database);
  }

  /** Forgets the cards that are over at `now` (Unix ms). */
  async forgetExpired(now: number): Promise<CardName[]> {
    return forgetExpired(this.database, now);
  }
}
