/** Is this certificate genuine, and by whose word? Twin of `src/chotxanh/domain/hcert/verdict.py`. */
import { decodeBase45 } from "./base45.ts";
import { decodeSign1, type Algorithm, type Sign1 } from "./cose.ts";
import { decodeClaims, isObject, type Claims, type PlainObject } from "./cwt.ts";
import { inflate, TooLarge } from "./inflate.ts";
import { isAccepted } from "./schema.ts";

const PREFIX = "HC1:";
const LONGEST_TEXT = 16_384;
const LARGEST_MESSAGE = 65_536;
const RESULT_NOT_DETECTED = "260415000";
const USAGE_OF_GROUP = { t: "test", v: "vaccination", r: "recovery" } as const;
const TEXT_STEPS = ["UNPREFIX", "B45DECODE", "COMPRESSION"] as const;
const MOMENT =
  /^(?<day>[0-9-]{10})[Tt ](?<minute>[0-9]{2}:[0-9]{2})(?::(?<second>[0-9]{2})(?:\.(?<fraction>[0-9]+))?)?(?<zone>[Zz]|[+-][0-9:]+)$/;

export type Step =
  | (typeof TEXT_STEPS)[number]
  | "VERIFY"
  | "DECODE"
  | "EXPIRATIONCHECK"
  | "KEYUSAGE"
  | "SCHEMAVALIDATION";
export type Usage = "test" | "vaccination" | "recovery";

/** A document signer: what it may sign (empty: anything), when (milliseconds), and how its signatures are verified. */
export interface TrustedKey {
  readonly algorithm: Algorithm;
  readonly usages: ReadonlySet<Usage>;
  readonly notBefore: number;
  readonly notAfter: number;
  /** Raw r||s for ES256; any wrong length is false, never an exception. */
  verify(message: Uint8Array, signature: Uint8Array): Promise<boolean>;
}

export interface Question {
  /** Milliseconds since 1970. */
  readonly at: number;
  /** All keys of a key id, or none. */
  trusted(kid: Uint8Array): readonly TrustedKey[];
  /** The signer by which time and key usage are still reported when `trusted` knows none: for diagnosis. */
  readonly supposed?: TrustedKey | undefined;
}

/** What was found out. `claims` are handed out only when the signature is right. */
export interface Verdict {
  readonly isValid: boolean;
  readonly reason: string | undefined;
  readonly steps: Readonly<Partial<Record<Step, boolean>>>;
  readonly claims: Claims | undefined;
}

class Unreadable extends Error {
  constructor(
    readonly step: (typeof TEXT_STEPS)[number] | "DECODE",
    readonly reason: string,
  ) {
    super(reason);
  }
}

class Examination {
  readonly steps: Partial<Record<Step, boolean>> = {};
  reason: string | undefined;

  record(step: Step, reason: string | undefined): boolean {
    this.steps[step] = reason === undefined;
    this.reason ??= reason;
    return reason === undefined;
  }
}

/** The verdict on `text`; never throws whatever the text. */
export async function verdict(text: string, question: Question): Promise<Verdict> {
  const examination = new Examination();
  const message = open(text, examination);
  if (message === undefined) return answer(examination, undefined);
  const keys = message.kid === undefined ? [] : question.trusted(message.kid);
  const key = await verifyingKey(message, keys);
  const isVerified = examination.record("VERIFY", key ? undefined : reasonUnverified(message, keys));
  const claims = openClaims(message, examination);
  if (claims !== undefined) judge(claims, key ?? keys[0] ?? question.supposed, question.at, examination);
  return answer(examination, isVerified ? claims : undefined);
}

/** Genuine and "not detected". A genuine certificate with "detected" is genuine and never a pass. */
export function isNegativeTest({ isValid, claims }: Verdict): boolean {
  const tests = isValid ? claims?.certificate.t : undefined;
  if (!Array.isArray(tests) || tests.length === 0) return false;
  return tests.every((test) => isObject(test) && test.tr === RESULT_NOT_DETECTED);
}

function answer({ reason, steps }: Examination, claims: Claims | undefined): Verdict {
  return { isValid: reason === undefined, reason, steps, claims };
}

function open(text: string, examination: Examination): Sign1 | undefined {
  try {
    const message = openMessage(text);
    for (const step of TEXT_STEPS) examination.record(step, undefined);
    return message;
  } catch (error) {
    if (!(error instanceof Unreadable)) throw error;
    for (const step of TEXT_STEPS) {
      if (step === error.step) break;
      examination.record(step, undefined);
    }
    if (error.step === "DECODE") examination.record("VERIFY", error.reason);
    examination.record(error.step, error.reason);
    return undefined;
  }
}

function openMessage(text: string): Sign1 {
  if (!text.startsWith(PREFIX)) throw new Unreadable("UNPREFIX", "prefix_missing");
  if (text.length > LONGEST_TEXT && Array.from(text).length > LONGEST_TEXT) {
    throw new Unreadable("B45DECODE", "text_too_long");
  }
  const compressed = attempt("B45DECODE", "base45_invalid", () => decodeBase45(text.slice(PREFIX.length)));
  const data = attempt("COMPRESSION", "compression_invalid", () => inflate(compressed, LARGEST_MESSAGE));
  return attempt("DECODE", "cose_invalid", () => decodeSign1(data));
}

function attempt<T>(step: Unreadable["step"], reason: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    throw new Unreadable(step, error instanceof TooLarge ? "compression_too_large" : reason);
  }
}

/** The key whose signature this is; the algorithm is the key's own, so a stated one can only disagree. */
async function verifyingKey(message: Sign1, keys: readonly TrustedKey[]): Promise<TrustedKey | undefined> {
  for (const key of keys) {
    if (key.algorithm === message.algorithm && (await key.verify(message.signedBytes, message.signature))) return key;
  }
  return undefined;
}

function reasonUnverified({ kid, algorithm }: Sign1, keys: readonly TrustedKey[]): string {
  if (kid === undefined) return "kid_invalid";
  if (algorithm === undefined) return "algorithm_unsupported";
  if (keys.length === 0) return "key_unknown";
  return keys.every((key) => key.algorithm !== algorithm) ? "algorithm_mismatch" : "signature_invalid";
}

function openClaims(message: Sign1, examination: Examination): Claims | undefined {
  try {
    const claims = attempt("DECODE", "claims_invalid", () => decodeClaims(message.payload));
    examination.record("DECODE", undefined);
    return claims;
  } catch {
    examination.record("DECODE", "claims_invalid");
    return undefined;
  }
}

function judge(claims: Claims, key: TrustedKey | undefined, at: number, examination: Examination): void {
  examination.record("EXPIRATIONCHECK", reasonOfTime(claims, key, at));
  if (key !== undefined) examination.record("KEYUSAGE", reasonOfUsage(claims.certificate, key));
  const isRight = examination.record("SCHEMAVALIDATION", isAccepted(claims.certificate) ? undefined : "schema_invalid");
  if (isRight) examination.reason ??= reasonOfContent(claims.certificate, at);
}

function reasonOfTime({ issuedAt, expiresAt }: Claims, key: TrustedKey | undefined, at: number): string | undefined {
  if (issuedAt === undefined || expiresAt === undefined) return "time_invalid";
  if (issuedAt > at / 1000) return "issued_in_future";
  if (at / 1000 > expiresAt) return "expired";
  if (key !== undefined && at < key.notBefore) return "key_not_yet_valid";
  return key !== undefined && at > key.notAfter ? "key_expired" : undefined;
}

function reasonOfUsage(certificate: PlainObject, { usages }: TrustedKey): string | undefined {
  if (usages.size === 0) return undefined;
  const groups = (["t", "v", "r"] as const).filter((group) => (certificate[group] ?? null) !== null);
  return groups.every((group) => usages.has(USAGE_OF_GROUP[group])) ? undefined : "key_usage_mismatch";
}

/** What the schema cannot know: nobody is born or sampled in the future. */
function reasonOfContent(certificate: PlainObject, at: number): string | undefined {
  const born = String(certificate.dob);
  if (born > new Date(at).toISOString().slice(0, born.length)) return "born_in_future";
  const tests = Array.isArray(certificate.t) ? certificate.t : [];
  for (const test of tests) {
    const sampledAt = isObject(test) ? moment(String(test.sc)) : undefined;
    if (sampledAt !== undefined && sampledAt > at) return "sampled_in_future";
  }
  return undefined;
}

/** Milliseconds of a time the schema accepted; undefined for a leap second. */
function moment(text: string): number | undefined {
  const found = MOMENT.exec(text)?.groups;
  const second = found?.second ?? "00";
  if (found === undefined || second === "60") return undefined;
  const micros = Number((found.fraction ?? "").padEnd(6, "0").slice(0, 6));
  return Date.parse(`${found.day}T${found.minute}:${second}Z`) + micros / 1000 - offset(found.zone ?? "Z");
}

function offset(zone: string): number {
  const [, sign, hours = 0, minutes = 0] = /^([+-])([0-9]{2}):?([0-9]{2})?$/.exec(zone) ?? [];
  return (sign === "-" ? -1 : 1) * (60 * Number(hours) + Number(minutes)) * 60_000;
}
