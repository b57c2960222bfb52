/** What pako must keep to, whichever version is installed. */
import { constants, deflateRawSync, deflateSync, gzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { inflate, TooLarge } from "./inflate.ts";
import { Malformed } from "./malformed.ts";

const LIMIT = 1000;
const CONTENT = new TextEncoder().encode("Giấy xét nghiệm, ".repeat(20));
const STREAM = Uint8Array.from(deflateSync(CONTENT));
/** Ends in the sum of three zeros, so that only the copy itself is wrong. */
const FIRST_IS_A_COPY = [0x78, 0x9c, 0x03, 0x02, 0x00, 0x00, 0x03, 0x00, 0x01];

function changed(stream: Uint8Array, place: number, bits = 1): Uint8Array {
  return stream.map((byte, index) => (index === (place + stream.length) % stream.length ? byte ^ bits : byte));
}

describe("a zlib stream", () => {
  it.each([0, 1, 6, 9])("of level %i is read whole", (level) => {
    expect(inflate(deflateSync(CONTENT, { level }), LIMIT)).toEqual(CONTENT);
  });

  it.each([
    ["fixed codes", constants.Z_FIXED],
    ["lone letters", constants.Z_HUFFMAN_ONLY],
    ["runs", constants.Z_RLE],
  ])("of %s is read whole", (_name, strategy) => {
    expect(inflate(deflateSync(CONTENT, { strategy }), LIMIT)).toEqual(CONTENT);
  });

  it("of nothing is nothing", () => {
    expect(inflate(deflateSync(new Uint8Array()), LIMIT)).toHaveLength(0);
  });

  it.each([-4, -3, -2, -1])("with byte %i of its Adler-32 sum changed is refused", (place) => {
    expect(() => inflate(changed(STREAM, place), LIMIT)).toThrow(Malformed);
  });

  it("cut anywhere is refused", () => {
    for (let length = 0; length < STREAM.length; length++) {
      expect(() => inflate(STREAM.subarray(0, length), LIMIT)).toThrow(Malformed);
    }
  });

  it.each([
    ["a zero", [0]],
    ["a letter", [65]],
    ["another stream", [...STREAM]],
  ])("followed by %s is refused", (_name, rest) => {
    expect(() => inflate(Uint8Array.from([...STREAM, ...rest]), LIMIT)).toThrow(Malformed);
  });

  it.each([
    ["of another method", changed(STREAM, 0, 0x01)],
    ["of a window larger than any", Uint8Array.from([0x88, 0x1c, ...STREAM.subarray(2)])],
    ["with a wrong check", changed(STREAM, 1)],
    ["of gzip", gzipSync(CONTENT)],
    ["that is missing", deflateRawSync(CONTENT)],
    ["that asks for a dictionary", deflateSync(CONTENT, { dictionary: Buffer.from("nghiệm") })],
  ])("with a header %s is refused", (_name, stream) => {
    expect(() => inflate(stream, LIMIT)).toThrow(Malformed);
  });

  it("that copies from before its beginning is refused", () => {
    expect(() => inflate(Uint8Array.from(FIRST_IS_A_COPY), LIMIT)).toThrow(Malformed);
  });
});

describe("the limit", () => {
  it("takes as much as it says and not a byte more", () => {
    expect(inflate(STREAM, CONTENT.length)).toEqual(CONTENT);
    expect(() => inflate(STREAM, CONTENT.length - 1)).toThrow(TooLarge);
  });

  it("refuses a bomb before its end: what is wrong there is never reached", () => {
    const bomb = Uint8Array.from(deflateSync(new Uint8Array(10_000_000)));
    const withoutEnd = bomb.subarray(0, bomb.length / 2);
    for (const stream of [bomb, changed(bomb, -1), withoutEnd, Uint8Array.from([...bomb, 0])]) {
      expect(() => inflate(stream, LIMIT)).toThrow(TooLarge);
    }
  });
});
