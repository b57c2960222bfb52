/**
 * zlib streams (RFC 1950, 1951) read whole or not at all: no rest, the right check sum, a bounded size.
 *
 * The reading is pako's, a port of the zlib that Python has too. Its `inflate` and `Inflate` accept bytes after the
 * end and gzip, and know no limit; hence the calls below them, into a buffer that is full before a bomb goes off.
 */
import { Z_DATA_ERROR, Z_FINISH, Z_STREAM_END, zlibInflate, zlibInflateEnd, zlibInflateInit, ZStream } from "pako";
import { Malformed } from "./malformed.ts";

/** The content is larger than was allowed. */
export class TooLarge extends Error {}

/** The content of the zlib stream `data`, at most `largest` bytes; never unpacks more. Throws Malformed or TooLarge. */
export function inflate(data: Uint8Array, largest: number): Uint8Array {
  const stream = streamOf(data, largest + 1);
  zlibInflateInit(stream);
  const status = zlibInflate(stream, Z_FINISH);
  zlibInflateEnd(stream);
  if (status === Z_DATA_ERROR) throw new Malformed(stream.msg);
  if (stream.total_out > largest) throw new TooLarge();
  if (status !== Z_STREAM_END || stream.avail_in > 0) throw new Malformed("cut off, or bytes after the end");
  return stream.output.subarray(0, stream.total_out);
}

function streamOf(data: Uint8Array, space: number): ZStream {
  const stream = new ZStream();
  stream.input = data;
  stream.avail_in = data.length;
  stream.output = new Uint8Array(space);
  stream.avail_out = space;
  return stream;
}
