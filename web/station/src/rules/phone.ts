/** Phone numbers as people read and dial them. */

/** `0912 345 678` of a number in Viet Nam; any other as it is written with its country. */
export function readablePhone(e164: string): string {
  const own = /^\+84(\d{3})(\d{3})(\d+)$/.exec(e164);
  return own ? `0${own[1] ?? ""} ${own[2] ?? ""} ${own[3] ?? ""}` : e164;
}
