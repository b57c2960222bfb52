/** Answers questions line by line as the Python rules do, for `./chotxanh fuzz`; runs in Node, not in the browser. */
import { createInterface } from "node:readline";
import contract from "../../../contracts/certificates.json";
import { isChecked, parseCode, parseCommand, parseRecord } from "./codes.ts";
import { isNegativeTest, verdict, type TrustedKey } from "./hcert/verdict.ts";
import { hexOf } from "./keys/der.ts";
import { keyId, trustedKeyFromDer } from "./keys/trust.ts";
import { isDamaged } from "./nameDamage.ts";
import { fold, normaliseName } from "./names.ts";
import { recognise } from "./scan.ts";
import { answer as standing, type Question as Asked } from "./standing/events.ts";
import { Finder } from "./units/finder.ts";
import { named, readTable } from "./units/table.ts";
import table from "./units/table.txt?raw";
import { readSought } from "./units/words.ts";

interface Question extends Asked {
  readonly rule: "scan" | "code" | "fold" | "certificate" | "standing" | "units";
  readonly text: string;
  readonly today?: string;
  readonly signer?: string;
}

interface Signer {
  readonly kid: string;
  readonly key: TrustedKey | undefined;
}

const signers = new Map<string, Signer>();
const units = new Finder(readTable(table));

async function learnSigners(): Promise<void> {
  for (const [name, encoded] of Object.entries(contract.signers)) {
    const der = Uint8Array.from(Buffer.from(encoded, "base64"));
    signers.set(name, { kid: hexOf(await keyId(der)), key: await trustedKeyFromDer(der).catch(() => undefined) });
  }
}

async function ofCertificate({ text, at, signer = "" }: Question): Promise<object> {
  const { kid, key } = signers.get(signer) ?? { kid: "", key: undefined };
  const found = await verdict(text, {
    at: Date.parse(at),
    trusted: (asked) => (key !== undefined && hexOf(asked) === kid ? [key] : []),
    supposed: key,
  });
  return { reason: found.reason ?? null, steps: found.steps, negative: isNegativeTest(found) };
}

const RULES: Record<Question["rule"], (question: Question) => object | Promise<object>> = {
  scan: ({ text, today }) => recognise(text, today),
  code: ({ text }) => ({
    code: parseCode(text) ?? null,
    command: parseCommand(text) ?? null,
    record: parseRecord(text) ?? null,
    checked: isChecked(text),
  }),
  fold: ({ text }) => ({ folded: fold(text), normalised: normaliseName(text), damaged: isDamaged(text) }),
  certificate: ofCertificate,
  standing,
  units: ({ text }) => ({ words: readSought(text), found: units.find(text).map(named) }),
};

async function answer(question: Question): Promise<object> {
  return RULES[question.rule](question);
}

await learnSigners();
for await (const line of createInterface({ input: process.stdin })) {
  const question = JSON.parse(line) as Question;
  const began = performance.now();
  const answered = await answer(question).catch((error: unknown) => ({ raised: String(error) }));
  process.stdout.write(`${JSON.stringify({ ...answered, ms: performance.now() - began })}\n`);
}
