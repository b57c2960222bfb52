/** Random identifiers; with the rest of WebCrypto, only here. */
import { toBase64url } from "../rules/base64url.ts";
import { uuid4, uuid7 } from "../rules/uuid.ts";

export const randomBytes = (): Uint8Array => crypto.getRandomValues(new Uint8Array(16));

/** Keeps the digest of a personal part from telling anything. */
export const newSalt = (): string => toBase64url(randomBytes());

/** For an entry; `now` in Unix ms. */
export const newEntryId = (now: number): string => uuid7(now, randomBytes());

/** For a log or a boot. */
export const newId = (): string => uuid4(randomBytes());
