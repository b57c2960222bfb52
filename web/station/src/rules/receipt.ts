/** Reads a receipt's text and says what it means for each entry that was sent, and for those that were sent before. */

export interface Sent {
  id: string;
  /** Base64url of SHA-256 of the body. */
  digest: string;
}

/**
 * What the node answered about one entry. `reused`: its running number was given out before; `unknown`: the node does
 * not know this device. Both are the station's to mend.
 */
export interface EntryAnswer {
  id: string;
  state: "settled" | "held" | "rejected" | "reused" | "unknown";
  problem: string | null;
}

export type Range = readonly [first: number, last: number];

/** A receipt as far as it was understood; `gaps` and `highest` are by log. */
export interface Receipt {
  /** The life of the node: another one means that its database was put back. */
  epoch: string;
  answers: EntryAnswer[];
  gaps: ReadonlyMap<string, readonly Range[]>;
  highest: ReadonlyMap<string, number>;
}

interface ReceiptAnswer {
  id: string | null;
  digest?: string | null;
  answer: string;
  problem: string | null;
}

type Fields = Record<string, unknown>;

const STATES: Readonly<Record<string, EntryAnswer["state"]>> = {
  applied: "settled",
  duplicate: "settled",
  held: "held",
  rejected: "rejected",
};
const MENDED: Readonly<Record<string, EntryAnswer["state"]>> = {
  running_number_reused: "reused",
  device_unknown: "unknown",
};

const isFields = (value: unknown): value is Fields => typeof value === "object" && value !== null;
const isNumber = (value: unknown): value is number => typeof value === "number";

function isAnswer(value: unknown): value is ReceiptAnswer {
  if (!isFields(value)) return false;
  const { id, answer } = value;
  return (id === null || typeof id === "string") && typeof answer === "string";
}

const isRange = (value: unknown): value is Range =>
  Array.isArray(value) && value.length === 2 && value.every(isNumber);

function parsed(text: string): Fields | null {
  try {
    const value: unknown = JSON.parse(text);
    return isFields(value) ? value : null;
  } catch {
    return null;
  }
}

/** The answers for exactly these entries, in their order, or null. */
function answersFor(answers: unknown, sent: readonly Sent[]): ReceiptAnswer[] | null {
  if (!Array.isArray(answers) || answers.length !== sent.length) return null;
  const read = (answers as unknown[]).filter(isAnswer);
  const isOurs = read.every(({ id, digest }, index) => {
    const about = sent[index];
    return (id === null || id === about?.id) && (typeof digest !== "string" || digest === about?.digest);
  });
  return read.length === sent.length && isOurs ? read : null;
}

function answerOf(id: string, { answer, problem }: ReceiptAnswer): EntryAnswer[] {
  const state = (answer === "rejected" ? MENDED[problem ?? ""] : undefined) ?? STATES[answer];
  return state ? [{ id, state, problem: problem ?? null }] : [];
}

const entriesOf = (value: unknown): [string, unknown][] => (isFields(value) ? Object.entries(value) : []);

function gapsOf(value: unknown): Receipt["gaps"] {
  return new Map(entriesOf(value).map(([log, ranges]) => [log, Array.isArray(ranges) ? ranges.filter(isRange) : []]));
}

function highestOf(value: unknown): Receipt["highest"] {
  return new Map(entriesOf(value).filter((entry): entry is [string, number] => isNumber(entry[1])));
}

/**
 * The receipt, or null if the text is not one by `node` for exactly these entries. An answer this version does not
 * know is left out: its entry goes on waiting.
 */
export function readReceipt(text: string, node: string, sent: readonly Sent[]): Receipt | null {
  const receipt = parsed(text);
  const answers = receipt?.["node"] === node ? answersFor(receipt["answers"], sent) : null;
  if (!receipt || !answers || typeof receipt["epoch"] !== "string") return null;
  return {
    epoch: receipt["epoch"],
    answers: answers.flatMap((answer, index) => answerOf(sent[index]?.id ?? "", answer)),
    gaps: gapsOf(receipt["gaps"]),
    highest: highestOf(receipt["highest"]),
  };
}
