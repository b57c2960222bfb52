/** COSE_Sign1 (RFC 9052): twin of `src/chotxanh/domain/hcert/cose.py`, reading only. */
import { loadCbor, Tagged, type Cbor, type CborMap } from "./cbor.ts";
import { Malformed } from "./malformed.ts";

export const KID_LENGTH = 8;

const TAG_COSE_SIGN1 = 18;
const TAG_CWT = 61;
const HEADER_ALGORITHM = 1;
const HEADER_CRITICAL = 2;
const HEADER_KID = 4;
const LONGEST_HEADER = 1024;
const SIGNATURE1 = Uint8Array.from([0x84, 0x6a, ...Array.from("Signature1", (letter) => letter.charCodeAt(0))]);

/** The two algorithms of eu-dcc-hcert-spec 3.3.2. */
export type Algorithm = "ES256" | "PS256";

export interface Sign1 {
  readonly payload: Uint8Array;
  readonly signature: Uint8Array;
  /** As stated; undefined for a missing or unusable header. */
  readonly algorithm: Algorithm | undefined;
  readonly kid: Uint8Array | undefined;
  /** The Sig_structure of RFC 9052, 4.4. */
  readonly signedBytes: Uint8Array;
}

/** The COSE_Sign1 in `data`, untagged, tagged 18 or 61(18(...)). Throws Malformed. */
export function decodeSign1(data: Uint8Array): Sign1 {
  const message = withoutTags(loadCbor(data));
  if (!Array.isArray(message) || message.length !== 4) throw new Malformed("not an array of four");
  const [first, second, third, fourth] = message as readonly Cbor[];
  const [protectedBytes, payload, signature] = [bytes(first), bytes(third), bytes(fourth)];
  if (!(second instanceof Map)) throw new Malformed("the unprotected header must be a map");
  const headers: readonly CborMap[] = [...protectedHeader(protectedBytes), second as CborMap];
  return {
    payload,
    signature,
    algorithm: algorithmOf(stated(headers, HEADER_ALGORITHM)),
    kid: kidOf(stated(headers, HEADER_KID)),
    signedBytes: joined([SIGNATURE1, byteString(protectedBytes), Uint8Array.of(0x40), byteString(payload)]),
  };
}

function bytes(value: Cbor | undefined): Uint8Array {
  if (!(value instanceof Uint8Array)) throw new Malformed("headers, payload and signature must be byte strings");
  return value;
}

/** What the first header that has `label` says. */
function stated(headers: readonly CborMap[], label: number): Cbor | undefined {
  return headers.map((header) => header.get(label) ?? undefined).find((value) => value !== undefined);
}

function withoutTags(message: Cbor): Cbor {
  if (!(message instanceof Tagged)) return message;
  const inner = message.tag === TAG_CWT ? message.value : message;
  if (!(inner instanceof Tagged) || inner.tag !== TAG_COSE_SIGN1) throw new Malformed("not a COSE_Sign1");
  return inner.value;
}

function protectedHeader(data: Uint8Array): CborMap[] {
  if (data.length > LONGEST_HEADER) throw new Malformed("header too long");
  if (data.length === 0) return [];
  const header = loadCbor(data);
  if (!(header instanceof Map)) throw new Malformed("the protected header must be a map");
  if ((header as CborMap).has(HEADER_CRITICAL)) throw new Malformed("critical headers are not understood here");
  return [header as CborMap];
}

function algorithmOf(number: Cbor | undefined): Algorithm | undefined {
  if (number === -7) return "ES256";
  return number === -37 ? "PS256" : undefined;
}

function kidOf(kid: Cbor | undefined): Uint8Array | undefined {
  return kid instanceof Uint8Array && kid.length === KID_LENGTH ? kid : undefined;
}

function byteString(data: Uint8Array): Uint8Array {
  const { length } = data;
  if (length < 24) return joined([Uint8Array.of(0x40 | length), data]);
  if (length < 0x100) return joined([Uint8Array.of(0x58, length), data]);
  return joined([Uint8Array.of(0x59, length >> 8, length & 0xff), data]);
}

function joined(parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
  let place = 0;
  for (const part of parts) {
    whole.set(part, place);
    place += part.length;
  }
  return whole;
}
