/** What a PIN opens here: PBKDF2 as the node derives it, bound to a secret that no script can read. */
import { fromBase64url } from "../rules/base64url.ts";

/** As the node has it (`keys/pins.py`). */
export const derivation = { iterations: 600_000 };
const KEY_BITS = 256;

/** Without it nothing that was sealed here opens. No script reads it out; who copies the whole disk has it (ADR 0031). */
export async function createPinSecret(): Promise<CryptoKey> {
  return crypto.subtle.generateKey({ name: "HMAC", hash: "SHA-256" }, false, ["sign"]);
}

/** The 32 bytes that a PIN stands for; `salt` is base64url. */
export async function pinKey(pin: string, salt: string): Promise<ArrayBuffer> {
  const base = await crypto.subtle.importKey("raw", new TextEncoder().encode(pin), "PBKDF2", false, ["deriveBits"]);
  const how = { name: "PBKDF2", hash: "SHA-256", salt: fromBase64url(salt), iterations: derivation.iterations };
  return crypto.subtle.deriveBits(how, base, KEY_BITS);
}

/** The key that seals a ticket at this station for one PIN. */
export async function lockOf(secret: CryptoKey, ofPin: BufferSource): Promise<CryptoKey> {
  const bytes = await crypto.subtle.sign("HMAC", secret, ofPin);
  return crypto.subtle.importKey("raw", bytes, "AES-GCM", false, ["encrypt", "decrypt"]);
}
