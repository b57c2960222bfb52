/** Sends waiting entries in batches until the node's signed receipt has settled each of them. */
import { unseal } from "../keys/sealing.ts";
import { digest, sign, verify } from "../keys/signing.ts";
import { newEntryId, newId } from "../keys/random.ts";
import type { WireEntry } from "../rules/entry.ts";
import { readReceipt, type Receipt } from "../rules/receipt.ts";
import type { Start } from "../store/outbox.ts";
import type { Device, SignedReceipt, StoredEntry } from "../store/records.ts";
import type { Store } from "../store/store.ts";
import type { Http } from "./http.ts";

const BATCH = 50;
/** The version of the protocol this station speaks (docs/protocol.md). */
const PROTOCOL = 1;

/** `stuck`: the node was reached but gave no usable receipt; the entries go on waiting. */
export type SendOutcome = "sent" | "unreachable" | "stuck";

export interface Sending {
  device: Device;
  store: Store;
  http: Http;
  /** Ids of entries that the node would not take alone. */
  aside: Set<string>;
  now: () => number;
  /** The start of the shift that runs now, for a log that must be begun anew. */
  start: () => Promise<Start | null>;
  /** Writes it, as the first entry of a new log. */
  restart: () => Promise<void>;
  /** Called after each receipt. */
  settled: () => Promise<void>;
}

type Answered = { receipt: Receipt; signed: SignedReceipt };

/** Signs an entry whose signing was interrupted; the number was given out when it was written. */
async function sealed(entry: StoredEntry, device: Device, store: Store): Promise<WireEntry> {
  const personal = await opened(entry, store);
  const rest = personal === null ? {} : { personal };
  if (entry.signature !== null) return { body: entry.body, signature: entry.signature, ...rest };
  const signature = await sign(device.pair, entry.body);
  await store.seal(entry, signature);
  return { body: entry.body, signature, ...rest };
}

/** What identifies somebody, as it travels; null where there is none, or another key sealed it. */
async function opened({ personal }: StoredEntry, store: Store): Promise<string | null> {
  const key = personal ? await store.get("cardKey") : null;
  return personal && key ? unseal(key, personal) : null;
}

/** What can be sent now: what is sealed waits for a sign-in by which it opens. */
async function sendable(store: Store, waiting: StoredEntry[]): Promise<StoredEntry[]> {
  if (!waiting.some(({ personal }) => personal)) return waiting;
  const key = await store.get("cardKey");
  const isOpen = await Promise.all(
    waiting.map(async ({ personal }) => !personal || (key !== null && (await unseal(key, personal)) !== null)),
  );
  return waiting.filter((_entry, index) => isOpen[index]);
}

function readSigned(json: unknown): SignedReceipt | null {
  const { receipt, signature } = (json ?? {}) as Record<string, unknown>;
  return typeof receipt === "string" && typeof signature === "string" ? { receipt, signature } : null;
}

/** Sends entries with the last receipt, which proves to the node what it acknowledged; the new receipt is verified. */
async function post(
  entries: readonly WireEntry[],
  sent: { id: string; body: string }[],
  { device, store, http }: Sending,
): Promise<Answered | Exclude<BatchOutcome, "sent" | "unknown">> {
  const known = await store.get("receipt");
  const body = { protocol: PROTOCOL, entries, ...(known ? { known } : {}) };
  const answer = await http({ path: "/api/v1/entries", body });
  if (answer.kind === "unreachable") return answer.hasFailed ? "failed" : "unreachable";
  if (answer.kind === "refused") return "stuck";
  const signed = readSigned(answer.json);
  // What is signed by nobody, or by another node, was not said by this one.
  if (!signed || !(await verify(device.nodeKey, signed.receipt, signed.signature))) return "unreachable";
  const digests = await Promise.all(sent.map(async ({ id, body }) => ({ id, digest: await digest(body) })));
  const receipt = readReceipt(signed.receipt, device.node, digests);
  return receipt && receipt.answers.length > 0 ? { receipt, signed } : "stuck";
}

async function takeIn({ receipt, signed }: Answered, { store, now, start, restart }: Sending): Promise<void> {
  const { isLogGivenUp } = await store.settle(receipt, signed, now());
  if (isLogGivenUp) await restart();
  const ids = new Set(receipt.answers.filter(({ state }) => state === "reused").map(({ id }) => id));
  if (ids.size === 0) return;
  const starts = await startsAnew(ids, store, start);
  await store.recordAgain({ ids, start: await start(), starts, freshLog: newId(), makeId: newEntryId });
}

/** Refused starts of the ticket that a PIN opened last, opened for the ids they get; earlier ones a lead decides on. */
async function startsAnew(ids: ReadonlySet<string>, store: Store, start: Sending["start"]): Promise<Map<string, Start>> {
  const anew = new Map<string, Start>();
  for (const { id, happening } of await store.waiting()) {
    if (!ids.has(id) || happening.kind !== "shift.started" || !happening.facts.opened) continue;
    const own = await start();
    if (own && own.happening.facts.ticket === happening.facts.ticket) anew.set(id, atPost(happening.facts.post, own));
  }
  return anew;
}

const atPost = (post: string, { happening, ...start }: Start): Start => ({
  ...start,
  happening: { ...happening, facts: { ...happening.facts, post } },
});

const deviceOf = (entry: StoredEntry): unknown => (JSON.parse(entry.body) as { device: unknown }).device;

/** `unknown`: the node does not know this device (any more); `failed`: it was at fault over these entries. */
type BatchOutcome = SendOutcome | "unknown" | "failed";

async function sendBatch(batch: StoredEntry[], sending: Sending): Promise<BatchOutcome> {
  const entries = await Promise.all(batch.map((entry) => sealed(entry, sending.device, sending.store)));
  const answered = await post(entries, batch, sending);
  if (typeof answered === "string") return answered;
  const unknown = new Set(answered.receipt.answers.filter(({ state }) => state === "unknown").map(({ id }) => id));
  const strange = batch.filter(({ id }) => unknown.has(id));
  if (strange.some((entry) => deviceOf(entry) === sending.device.device)) return "unknown";
  // What another device wrote, which this one was before it was enrolled anew, is kept and waits.
  for (const { id } of strange) sending.aside.add(id);
  await takeIn(answered, sending);
  await sending.settled();
  return "sent";
}

/** Shows the node its own word that this device was enrolled; whether it took it. */
export async function enrolAgain({ device, http }: Pick<Sending, "device" | "http">): Promise<boolean> {
  if (!device.enrolment) return false;
  const body = { protocol: PROTOCOL, entries: [device.enrolment] };
  const answer = await http({ path: "/api/v1/entries", body });
  const signed = answer.kind === "answered" ? readSigned(answer.json) : null;
  if (!signed || !(await verify(device.nodeKey, signed.receipt, signed.signature))) return false;
  const { id } = JSON.parse(device.enrolment.body) as { id: string };
  const sent = [{ id, digest: await digest(device.enrolment.body) }];
  return readReceipt(signed.receipt, device.node, sent)?.answers[0]?.state === "settled";
}

/** Of so many in a row that the node will not take, and none between them, it is the node. */
const MOST_IN_A_ROW = 3;

/** What waits and was not set aside, oldest first. */
async function next(size: number, { store, aside }: Sending): Promise<StoredEntry[]> {
  const waiting = await sendable(store, await store.waiting(size + aside.size));
  return waiting.filter(({ id }) => !aside.has(id)).slice(0, size);
}

/** A smaller batch after one that was not taken, a larger one after each that was. */
const sizeAfter = (isSent: boolean, batch: readonly StoredEntry[]): number =>
  isSent ? Math.min(BATCH, batch.length * 2) : Math.max(1, Math.floor(batch.length / 2));

/** How far one round of sending has come: the next batch, and how many entries in a row were not taken. */
interface Round {
  size: number;
  refused: number;
  isEnrolledAgain: boolean;
}

/** A node that forgot this device is shown its enrolment, once. */
async function known(round: Round, sending: Sending): Promise<SendOutcome | null> {
  if (round.isEnrolledAgain || !(await enrolAgain(sending))) return "stuck";
  round.isEnrolledAgain = true;
  return null;
}

/** What was not taken alone is set aside; the round ends where nothing else is taken either. */
function refused(outcome: "stuck" | "failed", batch: readonly StoredEntry[], round: Round, aside: Set<string>): SendOutcome | null {
  if (batch.length > 1) return null;
  for (const { id } of batch) aside.add(id);
  round.refused += 1;
  if (round.refused < MOST_IN_A_ROW) return null;
  return outcome === "failed" ? "unreachable" : "stuck";
}

/** How the round ends with what became of a batch, or null where it goes on. */
async function after(
  outcome: BatchOutcome,
  batch: readonly StoredEntry[],
  round: Round,
  sending: Sending,
): Promise<SendOutcome | null> {
  if (outcome === "unreachable") return outcome;
  if (outcome === "unknown") return known(round, sending);
  round.size = sizeAfter(outcome === "sent", batch);
  if (outcome !== "sent") return refused(outcome, batch, round, sending.aside);
  round.refused = 0;
  return null;
}

/**
 * Sends everything that waits. A batch the node will not take is halved; an entry it will not take alone is set aside
 * and tried again once all others are sent, so that none holds back the others (finding B9).
 */
export async function sendWaiting(sending: Sending): Promise<SendOutcome> {
  const round: Round = { size: BATCH, refused: 0, isEnrolledAgain: false };
  for (;;) {
    const batch = await next(round.size, sending);
    if (batch.length === 0) break;
    const end = await after(await sendBatch(batch, sending), batch, round, sending);
    if (end !== null) return end;
  }
  if (sending.aside.size === 0) return "sent";
  sending.aside.clear();
  return "stuck";
}

/** Sends again what the node holds: the answer says whether a lead has decided meanwhile. */
export async function askAboutHeld(sending: Sending): Promise<SendOutcome> {
  const batch = await sendable(sending.store, await sending.store.held(sending.now(), BATCH));
  const outcome = batch.length === 0 ? "sent" : await sendBatch(batch, sending);
  return outcome === "unknown" || outcome === "failed" ? "stuck" : outcome;
}
