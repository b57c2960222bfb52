/** Records what happened: stamps, numbers, writes, signs. Nothing else writes an entry. */
import { newEntryId, newId } from "./keys/random.ts";
import { seal } from "./keys/sealing.ts";
import { digest, sign } from "./keys/signing.ts";
import type { Http } from "./line/http.ts";
import type { Timekeeper } from "./line/timekeeper.ts";
import type { Deed, Happening } from "./rules/entry.ts";
import type { Holder } from "./state.ts";
import type { Start } from "./store/outbox.ts";
import type { MetaChanges, Session } from "./store/records.ts";
import type { Draft, Store } from "./store/store.ts";

export class Recorder {
  constructor(
    private readonly store: Store,
    private readonly clock: Timekeeper,
    private readonly holder: Holder,
  ) {}

  /** Answers with the id of the entry. `changes` go to disk in the same transaction. `actor` defaults to the officer of the shift. */
  async record(deed: Deed, changes: MetaChanges = {}, actor?: string): Promise<string> {
    await this.recordJump();
    return this.append(deed, changes, actor);
  }

  /** The start of a shift on a session's ticket; where a PIN opened that, this entry is opened too. */
  async startOf(post: string, { ticket, proof, opener, staff }: Session): Promise<Start> {
    const id = newEntryId(this.clock.now());
    const opened = opener && (await sign({ privateKey: opener }, `shift:${id}`));
    const facts = { post, ticket, proof: proof ?? ("line" as const), ...(opened ? { opened } : {}) };
    return { id, actor: staff.id, happening: { kind: "shift.started", facts } };
  }

  async recordStart(post: string, session: Session, changes: MetaChanges = {}): Promise<void> {
    await this.recordJump();
    const { id, actor, happening } = await this.startOf(post, session);
    await this.append(happening, changes, actor, id);
  }

  /** What identifies somebody, with its digest. Rejects where nobody is signed in: it is never written down open. */
  private async sealed(deed: Deed): Promise<Pick<Draft, "personal" | "sealed">> {
    if (!("personal" in deed)) return { personal: null };
    const key = await this.store.get("cardKey");
    if (!key) throw new Error("nobody is signed in");
    const text = JSON.stringify(deed.personal);
    return { personal: await digest(text), sealed: await seal(key, text) };
  }

  /** A clock that was moved is an entry of its own, before anything that is dated by it. */
  async recordJump(): Promise<void> {
    const by = this.clock.noticeJump();
    if (by !== null && this.holder.state.device) await this.append({ kind: "clock.jumped", facts: { by } }, {});
  }

  /** Measures the clock against the node and writes it down; false if the node did not answer. */
  async measure(http: Http): Promise<boolean> {
    const { device } = this.holder.state;
    const measurement = device && (await this.clock.measure(http, device.node));
    if (!measurement) return false;
    await this.append({ kind: "clock.measured", facts: measurement }, {});
    return true;
  }

  private async append(deed: Deed, changes: MetaChanges, actor?: string, id?: string): Promise<string> {
    const { device, shift } = this.holder.state;
    if (!device) throw new Error("not enrolled");
    const at = this.clock.now();
    const draft = {
      id: id ?? newEntryId(at),
      device: device.device,
      actor: actor ?? shift?.staff.id ?? null,
      stamp: this.clock.stamp(),
      happening: { kind: deed.kind, facts: deed.facts } as Happening,
      ...(await this.sealed(deed)),
      at,
      freshLog: newId(),
    };
    const entry = await this.store.append(draft, changes);
    this.holder.change({ entries: [...this.holder.state.entries, entry] });
    await this.store.seal(entry, await sign(device.pair, entry.body));
    return entry.id;
  }
}
