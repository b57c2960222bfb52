/** Reads a receipt's text and says what it means for each entry that was sent. */

export interface Sent {
  id: string;
}

export interface ReceiptVerdict {
  id: string;
  state: "settled" | "held" | "rejected";
  problem: string | null;
}

interface ReceiptAnswer {
  id: string | null;
  answer: string;
  problem: string | null;
}

const STATES: Readonly<Record<string, ReceiptVerdict["state"]>> = {
  applied: "settled",
  duplicate: "settled",
  held: "held",
  rejected: "rejected",
};

function isAnswer(value: unknown): value is ReceiptAnswer {
  if (typeof value !== "object" || value === null) return false;
  const { id, answer } = value as Record<string, unknown>;
  return (id === null || typeof id === "string") && typeof answer === "string";
}

function parsed(text: string): { node: unknown; answers: unknown } | null {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null ? (value as { node: unknown; answers: unknown }) : null;
  } catch {
    return null;
  }
}

/**
 * Verdicts for `sent`, or null if the text is not a receipt by `node` for exactly these entries. An answer this version
 * does not know settles nothing: its entry goes on waiting.
 */
export function verdicts(text: string, node: string, sent: readonly Sent[]): ReceiptVerdict[] | null {
  const receipt = parsed(text);
  if (receipt?.node !== node || !Array.isArray(receipt.answers)) return null;
  const answers: unknown[] = receipt.answers;
  if (answers.length !== sent.length) return null;
  const found: ReceiptVerdict[] = [];
  for (const [index, { id }] of sent.entries()) {
    const answer = answers[index];
    if (!isAnswer(answer) || (answer.id !== null && answer.id !== id)) return null;
    const state = STATES[answer.answer];
    if (state) found.push({ id, state, problem: answer.problem ?? null });
  }
  return found;
}
