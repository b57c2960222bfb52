/** Tells the node which sign-ins here are over, as often as it takes until it has heard. */
import type { Store } from "../store/store.ts";
import type { Answer, Http } from "./http.ts";
import { isReached } from "./timekeeper.ts";

/** A node of before asks for the token itself, which is not here any more. */
function isHeard(answer: Answer): boolean {
  if (answer.kind === "answered") return "protocol" in (answer.json as object);
  return answer.kind === "refused" && answer.code === "session_over";
}

/** After what waits to be sent: what the ended session recorded rests on its ticket, which ends with it. */
export async function handInSignOuts(node: string, { store, http }: { store: Store; http: Http }): Promise<void> {
  const sessions = (await store.get("signOuts")) ?? [];
  if (sessions.length === 0 || !(await isReached(http, node))) return;
  for (const session of sessions) {
    if (isHeard(await http({ path: "/api/v1/sign-out", body: { session } }))) await store.forgetSignOut(session);
  }
}
