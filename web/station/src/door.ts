/** The way in and out: enrolling the device, signing in, choosing the place, ending the shift. */
import type { Courier } from "./courier.ts";
import type { Kept, KeptAnswer, Opened, Shut } from "./kept.ts";
import { createDeviceKey, createOpener, digest, openerText, publicKeyText, sign } from "./keys/signing.ts";
import type { Answer, Http } from "./line/http.ts";
import { enrolAgain } from "./line/sender.ts";
import type { Timekeeper } from "./line/timekeeper.ts";
import type { Recorder } from "./recorder.ts";
import { EMPTY_DESK } from "./rules/desk.ts";
import type { WireEntry } from "./rules/entry.ts";
import type { Testing } from "./rules/testing.ts";
import type { Safe } from "./safe.ts";
import type { Holder } from "./state.ts";
import type { Device, Session, Shift } from "./store/records.ts";
import type { Store } from "./store/store.ts";

/** Why a step at the door did not work. */
export type Refusal =
  | { kind: "unreachable" }
  | { kind: "refused"; code: string; title: string }
  | { kind: "tube_open" }
  | { kind: "offline" }
  /** With the line down: nothing is kept here for this badge, its PIN was wrong, or guessing deleted it. */
  | Shut;

/** Whether the password was right, but must first give way to one of the officer's own. */
export function asksForOwnPassword(why: Refusal | "failed" | null): boolean {
  return why !== null && why !== "failed" && why.kind === "refused" && why.code === "password_new";
}

export interface DoorParts {
  holder: Holder;
  store: Store;
  http: Http;
  clock: Timekeeper;
  recorder: Recorder;
  courier: Courier;
  safe: Safe;
  kept: Kept;
}

/** A way to sign in: by whom it is signed for, and what else is sent. */
interface Way {
  path: "/api/v1/sign-in" | "/api/v1/sign-in/badge";
  name: string;
  told: Record<string, string | null>;
}

type SignedIn = Session & { card_key: string; kept?: KeptAnswer | null };

function refusal(answer: Exclude<Answer, { kind: "answered" }>): Refusal {
  if (answer.kind === "unreachable") return { kind: "unreachable" };
  return { kind: "refused", code: answer.code, title: answer.title };
}

/** What opens nothing was not said by a node. */
function read(answer: Answer): Answer {
  const isOpening = answer.kind !== "answered" || typeof (answer.json as { card_key?: unknown }).card_key === "string";
  return isOpening ? answer : { kind: "unreachable" };
}

export class Door {
  /** Kept between tries, so that a code whose answer was lost is asked for again with the same key. */
  private pair: CryptoKeyPair | null = null;

  constructor(private readonly parts: DoorParts) {}

  /** Makes this browser's store a device of the province, or once more one where it was revoked or forgotten. */
  async enrol(code: string, name: string): Promise<Refusal | null> {
    const { http, store, holder, courier } = this.parts;
    const { device: former } = holder.state;
    if (this.isTubeOpen()) return { kind: "tube_open" };
    this.pair ??= await createDeviceKey();
    const body = { code: code.trim(), name: name.trim(), public_key: await publicKeyText(this.pair) };
    const answer = await http({ path: "/api/v1/devices/enrol", body });
    if (answer.kind !== "answered") return refusal(answer);
    const enrolled = answer.json as { device: string; node: string; node_key: string; entry: WireEntry };
    if (typeof enrolled.node_key !== "string") return { kind: "unreachable" };
    const device: Device = {
      device: enrolled.device,
      node: enrolled.node,
      nodeKey: enrolled.node_key,
      name: body.name,
      pair: this.pair,
      enrolment: enrolled.entry,
    };
    this.pair = null;
    if (former) await this.leave(former);
    await store.put({ device });
    holder.change({ device, isRevoked: false, isForgotten: false, isEnrollingAgain: false });
    courier.go();
    return null;
  }

  /**
   * What was recorded as the former device is signed as such and goes on waiting; a log of its own begins, and what the
   * former one knew of people is wiped.
   */
  private async leave(former: Device): Promise<void> {
    const { store, holder, safe, clock } = this.parts;
    if (holder.state.shift) await this.endShift();
    for (const entry of await store.waiting()) {
      if (entry.signature === null) await store.seal(entry, await sign(former.pair, entry.body));
    }
    await safe.wipe();
    await store.put({ log: null, session: null, cardKey: null, cursor: null, isSealed: null, isRevoked: null, kept: null });
    const signedOut = { session: null, isTokenRefused: false, isSigningInAgain: false, badge: null };
    holder.change({ ...signedOut, entries: await store.entries(clock.now()) });
  }

  /** The signature proves the device, the password the officer; `at` is the node's time as far as it is known. */
  async signIn(username: string, password: string): Promise<Refusal | null> {
    return this.enterBy({ path: "/api/v1/sign-in", name: username, told: { username, password } });
  }

  /** By the badge that was scanned. With the line down its PIN opens what was kept for it here. */
  async signInByBadge(pin: string, newPin: string | null): Promise<Refusal | null> {
    const { badge, line, shift } = this.parts.holder.state;
    if (badge === null) throw new Error("no badge");
    if (line === "down") {
      const why = await this.enterByKept(badge, pin);
      if (why?.kind !== "kept_none") return this.orGoOn(why, shift);
    }
    const told = { badge, pin, new_pin: newPin };
    const why = await this.enterBy({ path: "/api/v1/sign-in/badge", name: badge, told });
    return this.orGoOn(why?.kind === "unreachable" ? await this.enterByKept(badge, pin) : why, shift);
  }

  private async enterBy(way: Way): Promise<Refusal | null> {
    const { http, clock, holder, recorder, kept: keeper } = this.parts;
    const { device } = holder.state;
    if (!device) throw new Error("not enrolled");
    // Anew each time: the node's clock may have been put right since, and a shift must not seem older than its ticket.
    if (!(await recorder.measure(http))) return { kind: "unreachable" };
    const opener = await createOpener();
    const answer = await this.askToSignIn(device, way, await publicKeyText(opener));
    if (answer.kind === "refused") await this.noticeRefused(answer.code);
    if (answer.kind !== "answered") return refusal(answer);
    const { card_key: cardKey, kept, ...session } = answer.json as SignedIn;
    if (kept) await keeper.keep({ session, cardKey, opener: await openerText(opener) }, kept, clock.now());
    return this.enter({ session, cardKey });
  }

  private async noticeRefused(code: string): Promise<void> {
    if (code === "device_revoked") await this.parts.safe.revoked();
    if (code === "device_unknown") this.parts.holder.change({ isForgotten: true });
  }

  private async enterByKept(badge: string, pin: string): Promise<Refusal | null> {
    const { kept, clock } = this.parts;
    const opened = await kept.open(badge, pin, clock.now());
    if ("kind" in opened) return opened;
    return this.enter(opened);
  }

  private async enter({ session, cardKey }: Opened): Promise<Refusal | null> {
    if (this.isTakenOver(session)) {
      if (this.isTubeOpen()) return { kind: "tube_open" };
      await this.endShift();
    }
    // What a sign-in at the node ends there, a PIN without a line does not.
    if (session.proof) await this.endToken(this.parts.holder.state.session);
    await this.parts.safe.open(session, cardKey);
    await this.goOnOn(session);
    this.parts.courier.go();
    return null;
  }

  /** Whoever takes over by a badge stands where the one before stood: their shift begins there. */
  private async orGoOn(why: Refusal | null, before: Shift | null): Promise<Refusal | null> {
    if (why === null && before && !this.parts.holder.state.shift) {
      await this.startShift(before.site, before.post, before.once?.usual ?? before.testing);
    }
    return why;
  }

  /** What is recorded from now on in the running shift rests on the new ticket: the one before ended with this sign-in. */
  private async goOnOn(session: Session): Promise<void> {
    const { holder, recorder } = this.parts;
    const { shift } = holder.state;
    if (!shift) return;
    await recorder.recordStart(shift.post, session);
  }

  /** A node that forgot this device is shown its enrolment, and asked once more. */
  private async askToSignIn(device: Device, { path, name, told }: Way, opener: string): Promise<Answer> {
    const { http, clock } = this.parts;
    const at = Math.round(clock.now());
    const signature = await sign(device.pair, `sign-in:${device.device}:${name}:${at}:${opener}`);
    const body = { device: device.device, ...told, at, opener, signature };
    const answer = read(await http({ path, body }));
    const isForgotten = answer.kind === "refused" && answer.code === "device_unknown";
    if (!isForgotten || !(await enrolAgain({ device, http }))) return answer;
    return read(await http({ path, body }));
  }

  /** The same officer signing in again goes on with the shift; another one takes over at the same desk. */
  private isTakenOver(session: Session): boolean {
    const { shift } = this.parts.holder.state;
    return shift !== null && shift.staff.id !== session.staff.id;
  }

  /** People already scanned into a tube that is not written yet: leaving now would lose them. */
  private isTubeOpen(): boolean {
    const { desk } = this.parts.holder.state;
    return desk.step === "collecting" && desk.members.length > 0;
  }

  async startShift(siteCode: string, postId: string, testing: Testing | null): Promise<void> {
    const { holder, recorder, courier, store, clock } = this.parts;
    const { session } = holder.state;
    const site = session?.sites.find(({ code }) => code === siteCode);
    const post = site?.posts.find(({ id }) => id === postId);
    if (!session || !site || !post) return;
    await store.forgetAcknowledged(clock.now());
    const shift: Shift = {
      staff: session.staff,
      site: site.code,
      siteName: site.name,
      post: post.id,
      postName: post.name,
      facility: site.facility,
      facilityName: site.facility_name,
      testing,
    };
    await recorder.recordStart(post.id, session, { shift, shiftEndedAt: null });
    holder.change({ shift, entries: await store.entries(clock.now()) });
    courier.go();
  }

  /** The shift goes on with another test, kit or lot; for one `person` only, where one is named by the code. */
  async chooseTesting(testing: Testing, person: string | null): Promise<void> {
    const { holder, store } = this.parts;
    const before = holder.state.shift;
    if (!before) return;
    const usual = before.once?.usual ?? before.testing;
    const shift: Shift = { ...before, testing, once: person !== null && usual ? { person, usual } : null };
    await store.put({ shift });
    holder.change({ shift });
  }

  /** Ends the shift and signs out, here and at the node. With the line down nobody can sign in again: it must be meant. */
  async signOut(isMeant: boolean): Promise<Refusal | null> {
    const { holder, courier, safe } = this.parts;
    const { shift, session } = holder.state;
    if (this.isTubeOpen()) return { kind: "tube_open" };
    if (shift && holder.state.line !== "up" && !isMeant) return { kind: "offline" };
    if (shift) await this.endShift();
    await this.endToken(session);
    await safe.close();
    holder.change({ isSigningInAgain: false, badge: null });
    courier.go();
    return null;
  }

  /** Has the node told, now or once there is a line: until then only the token's digest lies here, which opens nothing. */
  private async endToken(session: Session | null): Promise<void> {
    if (session?.token) await this.parts.store.keepSignOut(await digest(session.token));
  }

  private async endShift(): Promise<void> {
    const { holder, recorder, clock } = this.parts;
    const ended = { shift: null, desk: null, shiftEndedAt: clock.now() };
    await recorder.record({ kind: "shift.ended", facts: {} }, ended);
    holder.change({ shift: null, desk: EMPTY_DESK, scanned: null, notice: null, isDeclaring: false });
  }
}
