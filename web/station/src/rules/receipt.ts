/** Reads a receipt's text and says what it means for each entry that was sent. */

export interface Sent {
  id: string;
}

/** What the node answered about one entry. */
export interface Verdict {
  id: string;
  state: "settled" | "held" | "rejected";
  problem: string | null;
}

interface ReceiptAnswer {
  id: string | null;
  answer: string;
  problem: string | null;
}

const STATES: Readonly<Record<string, Verdict["state"]>> = {
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

/** The answers of a receipt by `node` for exactly these entries, in their order, or null. */
function answersFor(text: string, node: string, sent: readonly Sent[]): ReceiptAnswer[] | null {
  const receipt = parsed(text);
  if (receipt?.node !== node || !Array.isArray(receipt.answers) || receipt.answers.length !== sent.length) return null;
  const answers = (receipt.answers as unknown[]).filter(isAnswer);
  const isInOrder = answers.every(({ id }, index) => id === null || id === sent[index]?.id);
  return answers.length === sent.length && isInOrder ? answers : null;
}

/**
 * Verdicts for `sent`, or null if the text is not a receipt by `node` for exactly these entries. An answer this version
 * does not know settles nothing: its entry goes on waiting.
 */
export function verdicts(text: string, node: string, sent: readonly Sent[]): Verdict[] | null {
  const answers = answersFor(text, node, sent);
  if (!answers) return null;
  return sent.flatMap(({ id }, index) => {
    const answer = answers[index];
    const state = STATES[answer?.answer ?? ""];
    return answer && state ? [{ id, state, problem: answer.problem ?? null }] : [];
  });
}
