/** UUIDs from given bytes (RFC 9562): version 7 for entries, version 4 for logs and boots. */

function grouped(bytes: Uint8Array): string {
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-");
}

function marked(bytes: Uint8Array, version: number): Uint8Array {
  const marks = Uint8Array.from(bytes);
  marks[6] = ((marks[6] ?? 0) & 0x0f) | (version << 4);
  marks[8] = ((marks[8] ?? 0) & 0x3f) | 0x80;
  return marks;
}

/** `now` in Unix milliseconds; `random` at least 16 bytes, of which the last ten are used. */
export function uuid7(now: number, random: Uint8Array): string {
  const bytes = Uint8Array.from(random.slice(0, 16));
  for (let index = 5, rest = now; index >= 0; index -= 1, rest = Math.floor(rest / 256)) bytes[index] = rest % 256;
  return grouped(marked(bytes, 7));
}

/** `random` at least 16 bytes. */
export function uuid4(random: Uint8Array): string {
  return grouped(marked(random.slice(0, 16), 4));
}
