/** ECDSA P-256 with SHA-256, raw r||s, base64url: the device signs, the node's answers are verified. */
import { fromBase64url, toBase64url } from "../rules/base64url.ts";

const CURVE = { name: "ECDSA", namedCurve: "P-256" } as const;
const ALGORITHM = { name: "ECDSA", hash: "SHA-256" } as const;

const bytesOf = (text: string): Uint8Array<ArrayBuffer> => new Uint8Array(new TextEncoder().encode(text));

/** A pair whose private half can never leave this browser's store. */
export async function createDeviceKey(): Promise<CryptoKeyPair> {
  return crypto.subtle.generateKey(CURVE, false, ["sign", "verify"]);
}

/** A pair whose private half can be sealed; `readOpener` gives it back as one that cannot be read out. */
export async function createOpener(): Promise<CryptoKeyPair> {
  return crypto.subtle.generateKey(CURVE, true, ["sign", "verify"]);
}

/** The private half, base64url of PKCS #8. */
export async function openerText({ privateKey }: CryptoKeyPair): Promise<string> {
  return toBase64url(new Uint8Array(await crypto.subtle.exportKey("pkcs8", privateKey)));
}

export async function readOpener(text: string): Promise<CryptoKey> {
  return crypto.subtle.importKey("pkcs8", fromBase64url(text), CURVE, false, ["sign"]);
}

/** Base64url of the 65-byte uncompressed point. */
export async function publicKeyText(pair: CryptoKeyPair): Promise<string> {
  return toBase64url(new Uint8Array(await crypto.subtle.exportKey("raw", pair.publicKey)));
}

/** Base64url of the 64-byte signature over the UTF-8 of `text`. */
export async function sign({ privateKey }: Pick<CryptoKeyPair, "privateKey">, text: string): Promise<string> {
  return toBase64url(new Uint8Array(await crypto.subtle.sign(ALGORITHM, privateKey, bytesOf(text))));
}

/** Whether `signature` over `text` is by `publicKey` (as `publicKeyText` writes it); unreadable input is a no. */
export async function verify(publicKey: string, text: string, signature: string): Promise<boolean> {
  try {
    const key = await crypto.subtle.importKey("raw", fromBase64url(publicKey), CURVE, false, ["verify"]);
    return await crypto.subtle.verify(ALGORITHM, key, fromBase64url(signature), bytesOf(text));
  } catch {
    return false;
  }
}

/** Base64url of SHA-256 over the UTF-8 of `text`. */
export async function digest(text: string): Promise<string> {
  return toBase64url(new Uint8Array(await crypto.subtle.digest("SHA-256", bytesOf(text))));
}
