/** Sends waiting entries in batches until the node's signed receipt has settled each of them. */
import { sign, verify } from "../keys/signing.ts";
import type { WireEntry } from "../rules/entry.ts";
import { verdicts } from "../rules/receipt.ts";
import type { Device, StoredEntry } from "../store/records.ts";
import type { Store } from "../store/store.ts";
import type { Http } from "./http.ts";

const BATCH = 50;
/** The version of the protocol this station speaks (docs/protocol.md). */
const PROTOCOL = 1;

/** `stuck`: the node was reached but gave no usable receipt; the entries go on waiting. */
export type SendOutcome = "sent" | "unreachable" | "stuck";

/** Signs an entry whose signing was interrupted; the number was given out when it was written. */
async function sealed(entry: StoredEntry, device: Device, store: Store): Promise<WireEntry> {
  if (entry.signature !== null) return { body: entry.body, signature: entry.signature };
  const signature = await sign(device.pair, entry.body);
  await store.seal(entry.id, signature);
  return { body: entry.body, signature };
}

async function sendBatch(batch: StoredEntry[], device: Device, store: Store, http: Http): Promise<SendOutcome> {
  const entries = await Promise.all(batch.map((entry) => sealed(entry, device, store)));
  const answer = await http({ path: "/api/v1/entries", body: { protocol: PROTOCOL, entries } });
  if (answer.kind === "unreachable") return "unreachable";
  if (answer.kind === "refused") return "stuck";
  const { receipt, signature } = (answer.json ?? {}) as { receipt?: unknown; signature?: unknown };
  if (typeof receipt !== "string" || typeof signature !== "string") return "stuck";
  if (!(await verify(device.nodeKey, receipt, signature))) return "stuck";
  const found = verdicts(receipt, device.node, batch);
  if (!found || found.length === 0) return "stuck";
  await store.settle(found);
  return "sent";
}

/**
 * Sends everything that waits. A batch the node will not take is halved, so that one bad entry cannot hold back the
 * others before it. `settled` is called after each receipt.
 */
export async function sendWaiting(
  device: Device,
  store: Store,
  http: Http,
  settled: () => Promise<void>,
): Promise<SendOutcome> {
  let size = BATCH;
  for (;;) {
    const batch = await store.waiting(size);
    if (batch.length === 0) return "sent";
    const outcome = await sendBatch(batch, device, store, http);
    if (outcome === "unreachable") return outcome;
    if (outcome === "sent") await settled();
    else if (batch.length === 1) return outcome;
    else size = Math.max(1, Math.floor(batch.length / 2));
  }
}
