/** Keeps the line: measures the clock, sends what waits, reads what is new, and tries again by itself. */
import { readFeed, readPerson } from "./line/feed.ts";
import type { Http } from "./line/http.ts";
import { handInLooks } from "./line/looks.ts";
import { handInSignOuts } from "./line/signouts.ts";
import { askAboutHeld, type Sending, sendWaiting } from "./line/sender.ts";
import { isReached, type Timekeeper } from "./line/timekeeper.ts";
import type { Recorder } from "./recorder.ts";
import { pauseAfter } from "./rules/backoff.ts";
import type { Card } from "./rules/cards.ts";
import type { Safe } from "./safe.ts";
import { type Holder, type Lookup, withNews } from "./state.ts";
import type { CardNews } from "./store/cards.ts";
import type { Start } from "./store/outbox.ts";
import type { Store } from "./store/store.ts";

const POLL = 4_000;

export interface CourierParts {
  holder: Holder;
  store: Store;
  http: Http;
  clock: Timekeeper;
  recorder: Recorder;
  safe: Safe;
  /** Aborted when there is no store any more: what is sent then could not be noted as sent. */
  stop: AbortSignal;
}

export class Courier {
  private failures = 0;
  /** How long the node asked to wait in this round, in ms. */
  private asked = 0;
  private isWaiting = false;
  private readonly parts: CourierParts;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private running: Promise<void> | null = null;
  /** Entries that the node would not take, which wait behind all others. */
  private readonly aside = new Set<string>();
  private isWanted = false;

  constructor(parts: CourierParts) {
    this.parts = { ...parts, http: this.hearing(parts.http) };
  }

  /** Notes how long a busy node asks to wait. */
  private hearing(http: Http): Http {
    return async (ask) => {
      const answer = await http(ask);
      if (answer.kind === "unreachable") this.asked = Math.max(this.asked, answer.wait ?? 0);
      return answer;
    };
  }

  /** Goes now, or once more as soon as the present round is over; not before the time a busy node asked for. */
  go(): void {
    if (this.parts.stop.aborted || this.isWaiting) return;
    this.isWanted = true;
    clearTimeout(this.timer);
    this.running ??= this.rounds();
  }

  private async rounds(): Promise<void> {
    while (this.isWanted) {
      this.isWanted = false;
      this.asked = 0;
      const isReached = await this.round().catch(() => false);
      if (this.parts.stop.aborted) return;
      this.failures = isReached ? 0 : this.failures + 1;
      this.parts.holder.change({ line: isReached ? "up" : "down" });
    }
    this.running = null;
    const pause = this.failures === 0 ? POLL : pauseAfter(this.failures, this.asked, Math.random());
    this.isWaiting = this.asked > 0;
    this.timer = setTimeout(() => {
      this.isWaiting = false;
      this.go();
    }, pause);
  }

  /** One exchange with the node; whether it was reached. */
  private async round(): Promise<boolean> {
    const { holder, store, http, clock } = this.parts;
    const { device } = holder.state;
    if (!device) return (await http({ path: "/api/v1/clock" })).kind !== "unreachable";
    if (!(await this.measure())) return false;
    const sending: Sending = {
      device,
      store,
      http,
      aside: this.aside,
      now: () => clock.now(),
      start: () => this.startAgain(),
      restart: () => this.restart(),
      settled: () => this.reload(),
    };
    const sent = await sendWaiting(sending);
    if (sent === "sent") {
      await askAboutHeld(sending);
      await handInLooks(sending);
    }
    if (sent !== "unreachable") await handInSignOuts(device.node, sending);
    holder.change({ isStuck: sent === "stuck" });
    return sent !== "unreachable" && (await this.read(device.node));
  }

  /** A measurement when one is due or the line was down; otherwise the exchange itself tells whether it holds. */
  private async measure(): Promise<boolean> {
    const { clock, http, recorder } = this.parts;
    await recorder.recordJump();
    if (this.failures === 0 && !clock.isMeasurementDue()) return true;
    return recorder.measure(http);
  }

  private async read(node: string): Promise<boolean> {
    const { holder, store, http } = this.parts;
    const { session, shift, isTokenRefused } = holder.state;
    if (!session || !shift || isTokenRefused) return isReached(http, node);
    const waiting = holder.state.entries.filter(({ state }) => state === "waiting").length;
    const { outcome, epoch } = await readFeed({ scope: shift.site, waiting }, session, store, http, (news, isFilling) => {
      this.tell(news, isFilling);
    });
    if (epoch !== null) await this.noticeEpoch(epoch);
    await this.forgetExpired();
    if (outcome === "signed_out") {
      // Another node knows no token of ours.
      if (!(await isReached(http, node))) return false;
      holder.change({ isTokenRefused: true });
    }
    if (outcome === "revoked") await this.parts.safe.revoked();
    if (outcome === "read") await this.parts.safe.taken();
    return outcome !== "unreachable";
  }

  private tell(news: CardNews, isFilling: boolean): void {
    const { holder } = this.parts;
    const isNews = news.isBeginning || news.cards.length > 0 || news.forgotten.length > 0;
    if (isNews) holder.change({ ...withNews(holder.state, news), isFilling });
    else if (holder.state.isFilling !== isFilling) holder.change({ isFilling });
  }

  /** By a clock in doubt nothing is over: what is forgotten does not come again by itself. */
  private async forgetExpired(): Promise<void> {
    const { clock, store } = this.parts;
    if (clock.isDoubtful()) return;
    const forgotten = await store.forgetExpired(clock.now());
    if (forgotten.length > 0) this.tell({ isBeginning: false, cards: [], forgotten }, this.parts.holder.state.isFilling);
  }

  private async reload(): Promise<void> {
    const { holder, store, clock } = this.parts;
    holder.change({ entries: await store.entries(clock.now()) });
  }

  /** A new log proves its actor anew. */
  private async restart(): Promise<void> {
    const { holder, recorder } = this.parts;
    const { shift, session } = holder.state;
    if (shift && session) await recorder.recordStart(shift.post, session);
  }

  private async startAgain(): Promise<Start | null> {
    const { holder, recorder } = this.parts;
    const { shift, session } = holder.state;
    return shift && session ? recorder.startOf(shift.post, session) : null;
  }

  /** A node whose database was put back is sent again what is still kept. */
  private async noticeEpoch(epoch: string): Promise<void> {
    if ((await this.parts.store.noticeEpoch(epoch)) === 0) return;
    await this.reload();
    this.isWanted = true;
  }

  /** What was cut for this member is no card for the next one: it is held until the next sign-in, and not on disk. */
  private async keep(card: Card): Promise<CardNews> {
    const isCut = card.kind === "person" && card.body?.state === "withheld";
    return isCut ? { isBeginning: false, cards: [card], forgotten: [] } : this.parts.store.putCards([card]);
  }

  private mayAsk(): boolean {
    return !this.parts.holder.state.isTokenRefused && !this.isWaiting;
  }

  /** Asks for the card of one person whom the feed does not hold. */
  async lookUp(code: string): Promise<Exclude<Lookup, "asking">> {
    const { holder, http, clock } = this.parts;
    const { session, shift } = holder.state;
    const askedAt = clock.now();
    if (!session || !shift || !this.mayAsk()) return "offline";
    const found = await readPerson(code, shift.post, session, http);
    if (found === "signed_out") holder.change({ isTokenRefused: true });
    if (found === "revoked") await this.parts.safe.revoked();
    if (found === "unknown" || found === "revoked") return found;
    if (typeof found === "string") return "offline";
    this.tell(await this.keep({ ...found, asked_at: askedAt }), holder.state.isFilling);
    return "known";
  }
}
