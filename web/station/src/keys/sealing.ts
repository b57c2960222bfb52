/** AES-256-GCM under a key that cannot leave this browser's store: what lies sealed opens only after a sign-in. */
import { fromBase64url } from "../rules/base64url.ts";

const CIPHER = "AES-GCM";
const NONCE_BYTES = 12;

export interface Sealed {
  nonce: Uint8Array<ArrayBuffer>;
  data: ArrayBuffer;
}

/** `text` is base64url of 32 bytes. */
export async function readCardKey(text: string): Promise<CryptoKey> {
  return crypto.subtle.importKey("raw", fromBase64url(text), CIPHER, false, ["encrypt", "decrypt"]);
}

export async function seal(key: CryptoKey, text: string): Promise<Sealed> {
  const nonce = crypto.getRandomValues(new Uint8Array(NONCE_BYTES));
  const data = await crypto.subtle.encrypt({ name: CIPHER, iv: nonce }, key, new TextEncoder().encode(text));
  return { nonce, data };
}

/** The sealed text, or null if another key sealed it or it was altered. */
export async function unseal(key: CryptoKey, { nonce, data }: Sealed): Promise<string | null> {
  try {
    return new TextDecoder().decode(await crypto.subtle.decrypt({ name: CIPHER, iv: nonce }, key, data));
  } catch {
    return null;
  }
}
