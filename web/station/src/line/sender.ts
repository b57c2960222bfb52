/** Sends waiting entries in batches until the node's signed receipt has settled each of them. */
import { unseal } from "../keys/sealing.ts";
import { digest, sign, verify } from "../keys/signing.ts";
import { newEntryId, newId } from "../keys/random.ts";
import type { WireEntry } from "../rules/entry.ts";
import { readReceipt, type Receipt } from "../rules/receipt.ts";
import type { StartAgain } from "../store/outbox.ts";
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
  now: () => number;
  /** The start of the shift that runs now, for a log that must be begun anew. */
  start: () => StartAgain | null;
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

/** What can be sent now: what is sealed waits for a sign-in. */
async function sendable(store: Store, waiting: StoredEntry[]): Promise<StoredEntry[]> {
  if (!waiting.some(({ personal }) => personal)) return waiting;
  return (await store.get("cardKey")) ? waiting : waiting.filter(({ personal }) => !personal);
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
): Promise<Answered | Exclude<SendOutcome, "sent">> {
  const known = await store.get("receipt");
  const body = { protocol: PROTOCOL, entries, ...(known ? { known } : {}) };
  const answer = await http({ path: "/api/v1/entries", body });
  if (answer.kind === "unreachable") return "unreachable";
  const signed = answer.kind === "answered" ? readSigned(answer.json) : null;
  if (!signed || !(await verify(device.nodeKey, signed.receipt, signed.signature))) return "stuck";
  const digests = await Promise.all(sent.map(async ({ id, body }) => ({ id, digest: await digest(body) })));
  const receipt = readReceipt(signed.receipt, device.node, digests);
  return receipt && receipt.answers.length > 0 ? { receipt, signed } : "stuck";
}

async function takeIn({ receipt, signed }: Answered, { store, now, start, restart }: Sending): Promise<void> {
  const { isLogGivenUp } = await store.settle(receipt, signed, now());
  if (isLogGivenUp) await restart();
  const ids = new Set(receipt.answers.filter(({ state }) => state === "reused").map(({ id }) => id));
  if (ids.size === 0) return;
  await store.recordAgain({ ids, start: start(), freshLog: newId(), makeId: newEntryId });
}

/** `unknown`: the node does not know this device (any more). */
type BatchOutcome = SendOutcome | "unknown";

async function sendBatch(batch: StoredEntry[], sending: Sending): Promise<BatchOutcome> {
  const entries = await Promise.all(batch.map((entry) => sealed(entry, sending.device, sending.store)));
  const answered = await post(entries, batch, sending);
  if (typeof answered === "string") return answered;
  if (answered.receipt.answers.some(({ state }) => state === "unknown")) return "unknown";
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

/**
 * Sends everything that waits. A batch the node will not take is halved, so that one bad entry cannot hold back the
 * others before it. A node that forgot this device is shown its enrolment, once.
 */
export async function sendWaiting(sending: Sending): Promise<SendOutcome> {
  let size = BATCH;
  let isEnrolledAgain = false;
  for (;;) {
    const batch = await sendable(sending.store, await sending.store.waiting(size));
    if (batch.length === 0) return "sent";
    const outcome = await sendBatch(batch, sending);
    if (outcome === "unreachable") return outcome;
    if (outcome === "unknown") {
      if (isEnrolledAgain || !(await enrolAgain(sending))) return "stuck";
      isEnrolledAgain = true;
    } else if (outcome === "stuck") {
      if (batch.length === 1) return outcome;
      size = Math.max(1, Math.floor(batch.length / 2));
    }
  }
}

/** Sends again what the node holds: the answer says whether a lead has decided meanwhile. */
export async function askAboutHeld(sending: Sending): Promise<SendOutcome> {
  const batch = await sendable(sending.store, await sending.store.held(sending.now(), BATCH));
  const outcome = batch.length === 0 ? "sent" : await sendBatch(batch, sending);
  return outcome === "unknown" ? "stuck" : outcome;
}
