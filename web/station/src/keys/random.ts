/** Random identifiers; with the rest of WebCrypto, only here. */
import { uuid4, uuid7 } from "../rules/uuid.ts";

const randomBytes = (): Uint8Array => crypto.getRandomValues(new Uint8Array(16));

/** For an entry; `now` in Unix ms. */
export const newEntryId = (now: number): string => uuid7(now, randomBytes());

/** For a log or a boot. */
export const newId = (): string => uuid4(randomBytes());
