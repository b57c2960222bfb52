/** Keeps the cards shut while nobody is signed in: opened by a sign-in, sealed without one, wiped in time (D3). */
import { readCardKey, seal, unseal } from "./keys/sealing.ts";
import type { Timekeeper } from "./line/timekeeper.ts";
import { type Holder, withNews } from "./state.ts";
import type { Session } from "./store/records.ts";
import type { Store } from "./store/store.ts";

/** Cards of people who were expected or seen are of no use to anybody so long after the last shift. */
export const WIPED_AFTER_MS = 48 * 3_600_000;

const TAKEN_IN = { isTokenRefused: false, isSigningInAgain: false, isRevoked: false, badge: null };

export interface SafeParts {
  holder: Holder;
  store: Store;
  clock: Timekeeper;
}

export class Safe {
  private turn: Promise<void> = Promise.resolve();
  private isLooking = false;

  constructor(private readonly parts: SafeParts) {}

  /** Takes a session in and opens the cards with the key that came with it; the key itself cannot be read out. */
  async open(session: Session, keyText: string): Promise<void> {
    const { holder, store } = this.parts;
    await this.inTurn(async () => {
      const cardKey = await readCardKey(keyText);
      await store.put({ session, cardKey, isRevoked: null });
      if (await store.get("isSealed")) await store.unsealCards((sealed) => unseal(cardKey, sealed));
      const news = { isBeginning: true, cards: await store.cards(), forgotten: [] };
      holder.change({ ...withNews(holder.state, news), ...TAKEN_IN, session });
    });
  }

  /** Forgets the session and seals the cards; without a key they are wiped. */
  async close(): Promise<void> {
    const { holder, store } = this.parts;
    await this.inTurn(async () => {
      const cardKey = await store.get("cardKey");
      if (cardKey) await store.sealCards((text) => seal(cardKey, text));
      else await store.put({ session: null });
      if (!cardKey && !(await store.get("isSealed"))) await store.wipeCards();
      const nothing = { isBeginning: true, cards: [], forgotten: [] };
      holder.change({ ...withNews(holder.state, nothing), session: null, isTokenRefused: false });
    });
  }

  /** Forgets every card. What waits to be sent stays. */
  async wipe(): Promise<void> {
    const { holder, store } = this.parts;
    await this.inTurn(async () => {
      await store.wipeCards();
      holder.change(withNews(holder.state, { isBeginning: true, cards: [], forgotten: [] }));
    });
  }

  /** This device was revoked: what it knows of people goes at once, and a page opened anew knows it too. */
  async revoked(): Promise<void> {
    const { holder, store } = this.parts;
    if (holder.state.isRevoked) return;
    holder.change({ isRevoked: true, scanned: null, notice: null });
    await store.put({ isRevoked: true, kept: null, pinSecret: null });
    await this.wipe();
  }

  /** The node answers this device: whatever was said before, it is one of the province's. */
  async taken(): Promise<void> {
    const { holder, store } = this.parts;
    if (!holder.state.isRevoked) return;
    await store.put({ isRevoked: null });
    holder.change({ isRevoked: false });
  }

  /** What time does: a session that is over is closed between shifts, and cards are wiped long after the last one. */
  async look(): Promise<void> {
    if (this.isLooking) return;
    this.isLooking = true;
    try {
      await this.shut();
    } finally {
      this.isLooking = false;
    }
  }

  private async shut(): Promise<void> {
    const { holder, store, clock } = this.parts;
    const { shift, session } = holder.state;
    if (shift) return;
    const now = clock.now();
    if (session && session.expires_at <= now) await this.close();
    const endedAt = await store.get("shiftEndedAt");
    if (endedAt === null || clock.isDoubtful() || now - endedAt <= WIPED_AFTER_MS) return;
    await store.put({ shiftEndedAt: null });
    await this.wipe();
  }

  private inTurn(work: () => Promise<void>): Promise<void> {
    const turn = this.turn.then(work);
    this.turn = turn.catch(() => undefined);
    return turn;
  }
}
