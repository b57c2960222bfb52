/** DER (X.690) read as far as an X.509 certificate needs it: tag, content, members. */

export interface Element {
  readonly tag: number;
  readonly content: Uint8Array;
  /** Tag, length and content. */
  readonly whole: Uint8Array;
}

export const INTEGER = 0x02;
export const BIT_STRING = 0x03;
export const OID = 0x06;
export const GENERALIZED_TIME = 0x18;

/** The elements that `data` is made of. Throws RangeError. */
export function elementsOf(data: Uint8Array): Element[] {
  const elements: Element[] = [];
  for (let place = 0; place < data.length; place += elements.at(-1)?.whole.length ?? 1) {
    elements.push(elementAt(data.subarray(place)));
  }
  return elements;
}

/** The member at `place`. Throws RangeError when there is none. */
export function memberOf(element: Element, place: number): Element {
  const member = elementsOf(element.content)[place];
  if (member === undefined) throw new RangeError("a part is missing");
  return member;
}

export function hexOf(data: Uint8Array): string {
  return Array.from(data, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

function elementAt(data: Uint8Array): Element {
  const first = data[1] ?? 0x80;
  const lengthBytes = first < 0x80 ? 0 : first & 0x7f;
  if (first === 0x80 || lengthBytes > 3) throw new RangeError("a length of a kind that DER does not have");
  const header = 2 + lengthBytes;
  const length = lengthBytes === 0 ? first : data.subarray(2, header).reduce((sum, byte) => sum * 256 + byte, 0);
  if (header + length > data.length) throw new RangeError("premature end");
  return { tag: data[0] ?? 0, content: data.subarray(header, header + length), whole: data.subarray(0, header + length) };
}
