/** Hands in who opened which cards here: signed, in parts, as often as it takes until the node has them. */
import { sign } from "../keys/signing.ts";
import type { Device } from "../store/records.ts";
import type { Store } from "../store/store.ts";
import type { Http } from "./http.ts";

const PART = 500;
const PROTOCOL = 1;

/** Work goes first: what the node will not take now is kept, and handed in with a later contact. */
export async function handInLooks({ device, store, http }: { device: Device; store: Store; http: Http }): Promise<void> {
  const looks = ((await store.get("looks")) ?? []).slice(0, PART);
  if (looks.length === 0) return;
  const text = JSON.stringify({ device: device.device, looks });
  const body = { protocol: PROTOCOL, body: text, signature: await sign(device.pair, text) };
  const answer = await http({ path: "/api/v1/looks", body });
  if (answer.kind === "answered" && "taken" in (answer.json as object)) await store.forgetLooks(looks);
}
