/** Document signers: from an X.509 certificate to a key that verifies. Twin of `src/chotxanh/keys/trust.py`. */
import { KID_LENGTH, type Algorithm } from "../hcert/cose.ts";
import type { TrustedKey, Usage } from "../hcert/verdict.ts";
import { BIT_STRING, elementsOf, GENERALIZED_TIME, hexOf, INTEGER, memberOf, OID, type Element } from "./der.ts";

const FEWEST_RSA_BITS = 2048;
const MOST_RSA_BITS = 4096;
const VERSION = 0xa0;
const EXTENSIONS = 0xa3;
const EXTENDED_KEY_USAGE = "551d25";
const EC_PUBLIC_KEY = "2a8648ce3d0201";
const P256 = "2a8648ce3d030107";
const RSA_ENCRYPTION = "2a864886f70d010101";
const ES256_SIGNATURE_LENGTH = 64;
// eu-dcc-hcert-spec 1.0.8, A.7.4; the arc with 0 is a mistake that was issued and must be read.
const USAGE_OF_OID: ReadonlyMap<string, Usage> = new Map([
  ["2b060104018e378f650101", "test"],
  ["2b060104018e378f650102", "vaccination"],
  ["2b060104018e378f650103", "recovery"],
  ["2b06010401008e378f650101", "test"],
  ["2b06010401008e378f650102", "vaccination"],
  ["2b06010401008e378f650103", "recovery"],
]);

/** The key id of an X.509 certificate: the first 8 bytes of its SHA-256 (eu-dcc-hcert-spec, 3.3.3). */
export async function keyId(der: Uint8Array): Promise<Uint8Array> {
  return new Uint8Array(await crypto.subtle.digest("SHA-256", bufferOf(der))).slice(0, KID_LENGTH);
}

/** The signer in the X.509 certificate `der`. Throws RangeError for any but P-256 and RSA 2048 to 4096. */
export async function trustedKeyFromDer(der: Uint8Array): Promise<TrustedKey> {
  const [certificate] = elementsOf(der);
  if (certificate === undefined) throw new RangeError("not a certificate");
  const parts = elementsOf(memberOf(certificate, 0).content).filter(({ tag }) => tag !== VERSION);
  const [, , , validity, , publicKey] = parts;
  if (validity === undefined || publicKey === undefined) throw new RangeError("not a certificate");
  const algorithm = algorithmOf(publicKey);
  const key = await importKey(publicKey.whole, algorithm);
  return {
    algorithm,
    usages: usagesOf(parts.find(({ tag }) => tag === EXTENSIONS)),
    notBefore: timeOf(memberOf(validity, 0)),
    notAfter: timeOf(memberOf(validity, 1)),
    verify: (message, signature) => verifies(key, algorithm, message, signature),
  };
}

function algorithmOf(publicKey: Element): Algorithm {
  const [name, curve] = elementsOf(memberOf(publicKey, 0).content).map(({ content }) => hexOf(content));
  if (name === EC_PUBLIC_KEY && curve === P256) return "ES256";
  const bits = name === RSA_ENCRYPTION ? modulusBits(memberOf(publicKey, 1)) : 0;
  if (bits < FEWEST_RSA_BITS || bits > MOST_RSA_BITS) throw new RangeError("neither P-256 nor RSA");
  return "PS256";
}

function modulusBits({ tag, content }: Element): number {
  const [key] = tag === BIT_STRING ? elementsOf(content.subarray(1)) : [];
  const modulus = key && memberOf(key, 0);
  if (modulus?.tag !== INTEGER) return 0;
  const digits = hexOf(modulus.content).replace(/^0+/, "");
  return digits === "" ? 0 : 4 * digits.length - (3 - Math.floor(Math.log2(Number.parseInt(digits.charAt(0), 16))));
}

function importKey(publicKey: Uint8Array, algorithm: Algorithm): Promise<CryptoKey> {
  const wanted =
    algorithm === "ES256" ? { name: "ECDSA", namedCurve: "P-256" } : { name: "RSA-PSS", hash: "SHA-256" };
  return crypto.subtle.importKey("spki", bufferOf(publicKey), wanted, false, ["verify"]);
}

async function verifies(key: CryptoKey, algorithm: Algorithm, message: Uint8Array, signature: Uint8Array) {
  if (algorithm === "ES256" && signature.length !== ES256_SIGNATURE_LENGTH) return false;
  const how = algorithm === "ES256" ? { name: "ECDSA", hash: "SHA-256" } : { name: "RSA-PSS", saltLength: 32 };
  return crypto.subtle.verify(how, key, bufferOf(signature), bufferOf(message));
}

/** No extension, an empty one and one with foreign purposes only all mean any usage. */
function usagesOf(extensions: Element | undefined): ReadonlySet<Usage> {
  const all = extensions === undefined ? [] : elementsOf(memberOf(extensions, 0).content);
  const purposes = all.filter(isExtendedKeyUsage).flatMap((extension) => {
    const value = elementsOf(extension.content).at(-1);
    return value === undefined ? [] : elementsOf(memberOf(value, 0).content);
  });
  return new Set(purposes.flatMap(({ content }) => USAGE_OF_OID.get(hexOf(content)) ?? []));
}

function isExtendedKeyUsage(extension: Element): boolean {
  const name = memberOf(extension, 0);
  return name.tag === OID && hexOf(name.content) === EXTENDED_KEY_USAGE;
}

/** Milliseconds of a UTCTime (two digits of the year, 50 and above of 19xx) or GeneralizedTime. */
function timeOf({ tag, content }: Element): number {
  const text = String.fromCharCode(...content);
  const century = tag === GENERALIZED_TIME ? "" : Number(text.slice(0, 2)) >= 50 ? "19" : "20";
  const [, date = "", month, day, hour, minute, second] =
    /^([0-9]{4})([0-9]{2})([0-9]{2})([0-9]{2})([0-9]{2})([0-9]{2})Z$/.exec(century + text) ?? [];
  const time = Date.parse(`${date}-${month}-${day}T${hour}:${minute}:${second}Z`);
  if (Number.isNaN(time)) throw new RangeError("no time");
  return time;
}

/** WebCrypto's types ask for bytes that are not shared. */
function bufferOf(data: Uint8Array): Uint8Array<ArrayBuffer> {
  return new Uint8Array(data);
}
