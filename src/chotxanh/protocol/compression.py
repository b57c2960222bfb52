"""Compresses answers by gzip (RFC 1952), and pages drawn once of which one short text changes from reader to reader."""

import re
import secrets
import zlib
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.utils.cache import patch_vary_headers

# Level 4 saves a twentieth of a page with a certificate's picture, and costs a third more.
LEVEL, LEVEL_ONCE = 1, 9
RAW = -zlib.MAX_WBITS
LONGEST_NAME = 100
_HEAD, _WITH_NAME = b"\x1f\x8b\x08\x00\0\0\0\0\x00\xff", b"\x1f\x8b\x08\x08\0\0\0\0\x00\xff"
_GZIP = re.compile(r"\bgzip\b")


def accepts_gzip(request: HttpRequest) -> bool:
    """Whether the reader takes gzip."""
    return _GZIP.search(request.META.get("HTTP_ACCEPT_ENCODING", "")) is not None


def gzipped(content: bytes) -> bytes:
    """Compress an answer; a name of random length hides how well what a stranger made us write goes with a secret."""
    name = b"a" * secrets.randbelow(LONGEST_NAME) + b"\0"
    writer = zlib.compressobj(LEVEL, zlib.DEFLATED, RAW)
    packed = writer.compress(content) + writer.flush()
    return b"".join((_WITH_NAME, name, packed, _tail(zlib.crc32(content), len(content))))


def say_compressed(response: HttpResponse, content: bytes) -> None:
    """Make `content`, compressed already, the answer's."""
    response.content = content
    response["Content-Length"] = str(len(content))
    response["Content-Encoding"] = "gzip"


@dataclass(frozen=True)
class DrawnPage:
    """A page drawn and compressed once, for every text that may stand in its gap.

    The text itself is stored as it is, so that its answer's length tells nothing of it.
    """

    before: bytes
    after: bytes
    packed_before: bytes
    packed_after: bytes
    checksum_before: int

    @classmethod
    def with_gap(cls, page: str, gap: str) -> "DrawnPage":
        """Take a page in which `gap` stands once, where the text belongs."""
        before, after = (part.encode() for part in page.split(gap))
        return cls(
            before,
            after,
            _packed(before, zlib.Z_SYNC_FLUSH),
            _packed(after, zlib.Z_FINISH),
            zlib.crc32(before),
        )

    def answer(self, request: HttpRequest, text: str) -> HttpResponse:
        """Answer with the page; `text` is ASCII without a mark of HTML, at most 65,535 letters."""
        filling = text.encode("ascii")
        if not accepts_gzip(request):
            response = HttpResponse(b"".join((self.before, filling, self.after)))
        else:
            response = HttpResponse()
            say_compressed(response, self._compressed(filling))
        patch_vary_headers(response, ("Accept-Encoding",))
        return response

    def _compressed(self, filling: bytes) -> bytes:
        length = len(filling).to_bytes(2, "little")
        stored = b"\0" + length + bytes(each ^ 0xFF for each in length) + filling  # RFC 1951 section 3.2.4
        checksum = zlib.crc32(self.after, zlib.crc32(filling, self.checksum_before))
        size = len(self.before) + len(filling) + len(self.after)
        return b"".join((_HEAD, self.packed_before, stored, self.packed_after, _tail(checksum, size)))


def _packed(content: bytes, ends: int) -> bytes:
    writer = zlib.compressobj(LEVEL_ONCE, zlib.DEFLATED, RAW)
    return writer.compress(content) + writer.flush(ends)


def _tail(checksum: int, size: int) -> bytes:
    return checksum.to_bytes(4, "little") + (size & 0xFFFFFFFF).to_bytes(4, "little")
