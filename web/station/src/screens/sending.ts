/** One try at the door: sends, and gives the focus back to the field where the officer goes on. */
import type { Refusal } from "../door.ts";

/** What is wrong, or null when the door has opened. */
export type Sent = Refusal | "failed" | null;

/** The part of an input that is needed: its contents are marked, so that typing replaces them. */
export type Field = Pick<HTMLInputElement, "focus" | "select">;

/** A button that is shut while it sends drops the focus to the page; a refusal puts it where there is something to mend. */
export async function sendOnce(send: () => Promise<Refusal | null>, field: () => Field | null): Promise<Sent> {
  const why: Sent = await send().catch(() => "failed" as const);
  if (why === null) return null;
  const mended = field();
  mended?.focus();
  mended?.select();
  return why;
}
