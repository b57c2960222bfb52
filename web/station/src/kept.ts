/** Tickets kept for when the line is down: sealed for a badge and its PIN, opened by both, deleted by guessing. */
import { createPinSecret, lockOf, pinKey } from "./keys/pins.ts";
import { seal, unseal } from "./keys/sealing.ts";
import { digest, readOpener } from "./keys/signing.ts";
import { fromBase64url } from "./rules/base64url.ts";
import type { KeptTicket, Session } from "./store/records.ts";
import type { Store } from "./store/store.ts";

/** So many wrong PINs, and the ticket is gone until the line is back. */
export const MOST_WRONG = 5;

/** What the node sends along with a sign-in; `badge`, `salt` and `key` are base64url. */
export interface KeptAnswer {
  ticket: string;
  expires_at: number;
  badge: string;
  salt: string;
  key: string;
}

export interface Opened {
  session: Session;
  cardKey: string;
}

/**
 * As it lies sealed: a shift that begins on it lasts as long (ms) as one that begins with the line. `opener` is base64url of
 * PKCS #8; an older release kept none.
 */
interface Sealed extends Opened {
  lasts: number;
  opener?: string;
}

/** Why nothing was opened; of a wrong PIN how many more may be tried. */
export type Shut = { kind: "kept_none" } | { kind: "kept_wrong"; left: number } | { kind: "kept_gone" };

export class Kept {
  constructor(private readonly store: Store) {}

  /** Seals what the node would answer with the line down; what is kept for the same badge is replaced. */
  async keep({ session, cardKey, opener }: Opened & { opener: string }, { key, ...kept }: KeptAnswer, now: number): Promise<void> {
    const secret = (await this.store.get("pinSecret")) ?? (await createPinSecret());
    const offline: Session = { ...session, ticket: kept.ticket, token: "", proof: "pin" };
    const lasts = session.expires_at - now;
    const lock = await lockOf(secret, fromBase64url(key));
    const sealed = await seal(lock, JSON.stringify({ session: offline, cardKey, lasts, opener } satisfies Sealed));
    const own = { badge: kept.badge, salt: kept.salt, expiresAt: kept.expires_at, wrong: 0, sealed };
    await this.store.put({ pinSecret: secret, kept: [...(await this.others(kept.badge)), own] });
  }

  /** Opens what is kept for a badge, by its PIN. A guess is counted before it is tried: none is free. */
  async open(badge: string, pin: string, now: number): Promise<Opened | Shut> {
    const [name, secret] = await Promise.all([digest(badge), this.store.get("pinSecret")]);
    const found = (await this.all()).find((each) => each.badge === name && each.expiresAt > now);
    if (!found || !secret) return { kind: "kept_none" };
    if (found.sealed === null) return { kind: "kept_gone" };
    const others = await this.others(name);
    await this.store.put({ kept: [...others, { ...found, wrong: found.wrong + 1 }] });
    const text = await unseal(await lockOf(secret, await pinKey(pin, found.salt)), found.sealed);
    if (text !== null) {
      await this.store.put({ kept: [...others, { ...found, wrong: 0 }] });
      const { session, cardKey, lasts, opener } = JSON.parse(text) as Sealed;
      const raised = opener === undefined ? {} : { opener: await readOpener(opener) };
      return { session: { ...session, ...raised, expires_at: now + lasts }, cardKey };
    }
    const left = MOST_WRONG - found.wrong - 1;
    if (left > 0) return { kind: "kept_wrong", left };
    await this.store.put({ kept: [...others, { ...found, wrong: MOST_WRONG, sealed: null }] });
    return { kind: "kept_gone" };
  }

  private async all(): Promise<KeptTicket[]> {
    return (await this.store.get("kept")) ?? [];
  }

  private async others(badge: string): Promise<KeptTicket[]> {
    return (await this.all()).filter((each) => each.badge !== badge);
  }
}
