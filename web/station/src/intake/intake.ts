/** The officer's work: what is scanned, typed or pressed, one after the other, becomes moves on the desk and entries. */
import type { Courier } from "../courier.ts";
import type { Recorder } from "../recorder.ts";
import { type Act, move, type Move, type Notice, type World } from "../rules/desk.ts";
import { back, backBefore } from "./once.ts";
import { type Heed, isEcho, type Quality } from "../rules/burst.ts";
import { type Meaning, meaningOf } from "../rules/meaning.ts";
import type { Tubes } from "../rules/overlay.ts";
import { declaredBy, isNamed, type Paper } from "../rules/paper.ts";
import { isTrafficAlone, seesResults, type Works } from "../rules/works.ts";
import { type Holder, type Scanned, worksOf, worldOf } from "../state.ts";
import type { Store } from "../store/store.ts";

type TubeScanned = Extract<Meaning, { kind: "tube" }>;

const NOBODY = { full_name: "", birth_year: null };

export interface IntakeParts {
  holder: Holder;
  store: Store;
  recorder: Recorder;
  courier: Courier;
  /** A steady counter in ms: the clock may be moved, the rule of the second scan must not be. */
  counter: () => number;
  /** The time as far as it is known, Unix ms: a window closes by itself. */
  now: () => number;
}

/** Who is named on the screen with a tube. */
const membersOf = (scanned: Scanned, tubes: Tubes): readonly string[] =>
  scanned.kind === "tube" ? (tubes.get(scanned.tube)?.members ?? []) : [];

export class Intake {
  private last: Heed | null = null;
  /** The tube that was not taken because it looks like something else: scanned once more it is one. */
  private doubted: string | null = null;
  private queue: Promise<void> = Promise.resolve();

  constructor(private readonly parts: IntakeParts) {}

  /** A scan, or a line typed by hand. */
  async scan(text: string, quality: Quality): Promise<void> {
    const at = this.parts.counter();
    if (isEcho(this.last, text, at)) return;
    this.last = { text, at };
    await this.inTurn(() => this.take(text, quality));
  }

  /** Somebody who has just been declared for stands there, and goes into the tube that is open if they are not in it. */
  async takePerson(code: string, isNew: boolean): Promise<void> {
    const scanned: Scanned = { kind: "person", code, lookup: "known", ...(isNew ? { isNew } : {}) };
    await this.inTurn(async () => {
      const { desk } = this.parts.holder.state;
      if (desk.step === "collecting" && desk.members.includes(code)) this.tell(scanned, null);
      else await this.carryOut({ kind: "person", code }, scanned);
    });
    this.parts.courier.go();
  }

  async act(act: Act): Promise<void> {
    this.doubted = null;
    await this.inTurn(() => this.carryOut(act, null));
  }

  /** Scans come faster than a disk writes: each waits for the one before it. */
  private inTurn(work: () => Promise<void>): Promise<void> {
    const turn = this.queue.then(work);
    this.queue = turn.catch(() => undefined);
    return turn;
  }

  private async take(text: string, quality: Quality): Promise<void> {
    const meaning = meaningOf(text, quality);
    const doubted = this.doubted;
    this.doubted = null;
    switch (meaning.kind) {
      case "person":
        await this.carryOut(meaning, this.personScanned(meaning.code));
        this.lookUp(meaning.code);
        return;
      case "tube":
        await this.takeTube(meaning, doubted, text);
        return;
      case "plate":
        this.takePlate(meaning.plate, meaning.shown);
        return;
      case "identity":
        await this.takePaper(meaning.paper);
        return;
      case "badge":
        this.takeBadge(meaning.badge);
        return;
      case "command":
        await this.carryOut(meaning.act, { kind: "command", command: meaning.command });
        return;
      case "refused":
        this.tell({ kind: "other", text: meaning.shown }, { tone: "attention", key: meaning.key });
    }
  }

  /** What looks like something else opens a tube only when it is scanned once more. */
  private async takeTube({ tube, likeness, plate }: TubeScanned, doubted: string | null, text: string): Promise<void> {
    if (plate !== undefined && isTrafficAlone(this.works())) return this.takePlate(plate, text);
    if (likeness !== null && tube !== doubted && this.isNew(tube)) {
      this.doubted = tube;
      this.tell({ kind: "other", text }, { tone: "attention", key: likeness });
      return;
    }
    await this.carryOut({ kind: "tube", tube }, { kind: "tube", tube });
  }

  private works(): Works {
    return worksOf(this.parts.holder.state);
  }

  /** A vehicle is looked at; who lies on the desk stays there. */
  private takePlate(plate: string, text: string): void {
    if (this.works().has("traffic")) this.tell({ kind: "vehicle", plate }, null);
    else this.tell({ kind: "other", text }, { tone: "attention", key: "notice.plate" });
  }

  /** Somebody takes over: their PIN is asked for, once the tube in hand is closed. */
  private takeBadge(badge: string): void {
    const { holder } = this.parts;
    const { desk } = holder.state;
    const isTubeOpen = desk.step === "collecting" && desk.members.length > 0;
    if (isTubeOpen) this.tell(holder.state.scanned, { tone: "attention", key: "tool.tube_open" });
    else holder.change({ badge, isSigningInAgain: true });
  }

  /** A paper stands for the code of its owner, who then has shown it: whoever has no phone at hand is found by it. */
  private async takePaper(paper: Paper): Promise<void> {
    if (isTrafficAlone(this.works())) return this.carryOut({ kind: "identity", paper }, null);
    const { persons, desk } = this.parts.holder.state;
    const inTube = desk.step === "collecting" ? desk.members : [];
    const isOfTube = inTube.some((code) => isNamed(paper, persons.get(code) ?? NOBODY));
    const code = isOfTube ? null : declaredBy(paper, persons.values());
    if (code === null) return this.carryOut({ kind: "identity", paper }, null);
    const scanned = this.personScanned(code);
    await this.carryOut({ kind: "person", code }, scanned);
    const { desk: after } = this.parts.holder.state;
    const isAdded = after.step === "collecting" && after.members.includes(code);
    if (isAdded) await this.carryOut({ kind: "identity", paper }, scanned);
    this.lookUp(code);
  }

  /** Whether this facility has no such tube, neither closed nor open. */
  private isNew(tube: string): boolean {
    const { tubes, desk } = this.parts.holder.state;
    return !tubes.has(tube) && !(desk.step === "collecting" && desk.tube === tube);
  }

  private personScanned(code: string): Scanned {
    if (this.parts.holder.state.isRevoked) return { kind: "person", code, lookup: "revoked" };
    return { kind: "person", code, lookup: this.isOfFeed(code) ? "known" : "asking" };
  }

  private isOfFeed(code: string): boolean {
    const { persons, askedAt } = this.parts.holder.state;
    return persons.has(code) && !askedAt.has(code);
  }

  /** Of whom the feed tells nothing the node is asked at each scan. Never waited for: the person goes into the tube whether or not a card is found. */
  private lookUp(code: string): void {
    const { holder, courier } = this.parts;
    if (holder.state.isRevoked || this.isOfFeed(code)) return;
    void courier.lookUp(code).then((lookup) => {
      const { scanned } = holder.state;
      if (scanned?.kind === "person" && scanned.code === code) holder.change({ scanned: { ...scanned, lookup } });
    });
  }

  private world(): World | null {
    const { state } = this.parts.holder;
    return state.shift && state.session ? { ...worldOf(state), now: this.parts.now() } : null;
  }

  private async carryOut(act: Act, scanned: Scanned | null): Promise<void> {
    const { holder, store } = this.parts;
    const shift = backBefore(holder.state.shift, holder.state.desk, act);
    if (shift) {
      await store.put({ shift });
      holder.change({ shift });
    }
    const world = this.world();
    if (!world) return;
    const made = move(holder.state.desk, act, world);
    try {
      await this.write(made);
    } catch {
      this.tell(scanned, { tone: "attention", key: "notice.not_written" });
      return;
    }
    const isTakenBack = act.kind === "undo" || act.kind === "cancel";
    holder.change({ desk: made.desk });
    this.tell(scanned ?? (isTakenBack ? null : holder.state.scanned), made.notice);
    if (made.record) this.parts.courier.go();
  }

  /** The desk and the entry go to disk together, before anything is shown as done. */
  private async write({ desk, record }: Move): Promise<void> {
    const { holder, store, recorder } = this.parts;
    const shift = record?.kind === "specimen.collected" ? back(holder.state.shift) : null;
    if (record) await recorder.record(record, shift ? { desk, shift } : { desk });
    else if (desk !== holder.state.desk) await store.put({ desk });
    if (shift) holder.change({ shift });
  }

  /** Whose cards the screen opens is kept for the log of looks; of whom the node was asked, it knows itself. */
  private noteLooks(scanned: Scanned | null): void {
    const { holder, store, now } = this.parts;
    const { session, shift, tubes } = holder.state;
    if (!session || !shift || !scanned) return;
    const member = session.staff.id;
    const at = Math.round(now());
    const inTube = seesResults(this.works()) ? membersOf(scanned, tubes) : [];
    const seen = scanned.kind === "person" ? this.openedCard(scanned.code) : inTube;
    const looks = seen.map((code) => ({ member, person_code: code, at }));
    if (looks.length > 0) void store.keepLooks(looks).catch(() => undefined);
  }

  private openedCard(code: string): readonly string[] {
    return this.isOfFeed(code) ? [code] : [];
  }

  private tell(scanned: Scanned | null, notice: Notice | null): void {
    const { holder } = this.parts;
    if (scanned !== holder.state.scanned) this.noteLooks(scanned);
    const heard = { count: holder.state.heard.count + 1, tone: notice?.tone ?? "accepted" };
    holder.change({ scanned, notice, heard });
  }
}
