/** CWT (RFC 8392): twin of `src/chotxanh/domain/hcert/cwt.py`, reading only. */
import { Float, loadCbor, type Cbor, type CborMap } from "./cbor.ts";
import { Malformed } from "./malformed.ts";

const CLAIM_ISSUER = 1;
const CLAIM_EXPIRES_AT = 4;
const CLAIM_ISSUED_AT = 6;
const CLAIM_HCERT = -260;
const CLAIM_PRIVATE = -65_537;
const HCERT_EU_DCC_V1 = 1;
const LATEST = 253_402_300_799; // the last second of the year 9999

export type Plain = string | number | boolean | null | readonly Plain[] | PlainObject;
export interface PlainObject {
  readonly [name: string]: Plain;
}

/** The claims of a certificate; times are Unix seconds. */
export interface Claims {
  readonly issuer: string | undefined;
  readonly issuedAt: number | undefined;
  readonly expiresAt: number | undefined;
  readonly certificate: PlainObject;
  readonly private: PlainObject | undefined;
}

/** The claims in `data`. Throws Malformed when they are no map or hold no certificate. */
export function decodeClaims(data: Uint8Array): Claims {
  const claims = mapOrUndefined(loadCbor(data));
  const certificate = plainObject(mapOrUndefined(claims?.get(CLAIM_HCERT))?.get(HCERT_EU_DCC_V1));
  if (claims === undefined || certificate === undefined) throw new Malformed("no certificate");
  const issuer = claims.get(CLAIM_ISSUER);
  return {
    issuer: typeof issuer === "string" ? issuer : undefined,
    issuedAt: time(claims.get(CLAIM_ISSUED_AT)),
    expiresAt: time(claims.get(CLAIM_EXPIRES_AT)),
    certificate,
    private: plainObject(claims.get(CLAIM_PRIVATE)),
  };
}

function mapOrUndefined(value: Cbor | undefined): CborMap | undefined {
  return value instanceof Map ? (value as CborMap) : undefined;
}

/** Some issuers write fractions of a second; NaN and far years are no time. */
function time(value: Cbor | undefined): number | undefined {
  const number = value instanceof Float ? value.value : value;
  return typeof number === "number" && number >= 0 && number <= LATEST ? number : undefined;
}

function plainObject(value: Cbor | undefined): PlainObject | undefined {
  const found = value instanceof Map ? plain(value as CborMap) : undefined;
  return isObject(found) ? found : undefined;
}

export function isObject(value: Plain | undefined): value is PlainObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** `value` as JSON could hold it, undefined where it could not; depth is bounded by the CBOR reader. */
function plain(value: Cbor): Plain | undefined {
  switch (typeof value) {
    case "string":
    case "boolean":
    case "number":
      return value;
    case "bigint":
      return Number(value);
    default:
      return value === null ? null : plainContainer(value);
  }
}

function plainContainer(value: object): Plain | undefined {
  if (value instanceof Float) return Number.isFinite(value.value) ? value.value : undefined;
  if (Array.isArray(value)) return plainList(value as readonly Cbor[]);
  return value instanceof Map ? plainMap(value as CborMap) : undefined;
}

function plainList(values: readonly Cbor[]): Plain | undefined {
  const list: Plain[] = [];
  for (const value of values) {
    const found = plain(value);
    if (found === undefined) return undefined;
    list.push(found);
  }
  return list;
}

function plainMap(map: CborMap): Plain | undefined {
  const object = Object.create(null) as Record<string, Plain>; // a key may be called __proto__
  for (const [key, value] of map) {
    const found = plain(value);
    if (typeof key !== "string" || found === undefined) return undefined;
    object[key] = found;
  }
  return object;
}
