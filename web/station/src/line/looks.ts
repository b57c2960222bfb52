/** Hands in who opened which cards here: signed, in parts, as often as it takes until the node has them. */
import { sign } from "../keys/signing.ts";
import type { Device, Look } from "../store/records.ts";
import type { Store } from "../store/store.ts";
import type { Http } from "./http.ts";

const PART = 500;
const PROTOCOL = 1;
/** A look whose shift the node does not know yet is told again after this time: its start may be held there. */
const AGAIN_AFTER_MS = 10 * 60_000;

interface Handing {
  device: Device;
  store: Store;
  http: Http;
  now: () => number;
}

const isDue = ({ told_at }: Look, now: number): boolean =>
  told_at === undefined || Math.abs(now - told_at) >= AGAIN_AFTER_MS;

/** Which of these the node does not take yet: it says their places. An older one takes all. */
function notYetOf(looks: readonly Look[], answer: object): Look[] {
  const places = "not_yet" in answer && Array.isArray(answer.not_yet) ? new Set<unknown>(answer.not_yet) : new Set();
  return looks.filter((_, place) => places.has(place));
}

/** Work goes first: what the node will not take now is kept, and handed in with a later contact. */
export async function handInLooks({ device, store, http, now }: Handing): Promise<void> {
  const due = ((await store.get("looks")) ?? []).filter((look) => isDue(look, now()));
  const looks = due.slice(0, PART);
  if (looks.length === 0) return;
  const said = looks.map(({ member, person_code, at }) => ({ member, person_code, at }));
  const text = JSON.stringify({ device: device.device, looks: said });
  const body = { protocol: PROTOCOL, body: text, signature: await sign(device.pair, text) };
  const answer = await http({ path: "/api/v1/looks", body });
  if (answer.kind !== "answered" || !("taken" in (answer.json as object))) return;
  await store.forgetLooks(looks, notYetOf(looks, answer.json as object), now());
}
