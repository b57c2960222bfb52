"""Photos of a QR code: found when small, turned or transparent; anything else gets a sentence."""

import io
import threading

import pytest
import zxingcpp
from django.conf import settings
from PIL import Image

from chotxanh.apart.turns import Turns
from chotxanh.domain.problems import Problem
from chotxanh.pictures import reading
from chotxanh.pictures.reading import Found, found_in, texts_in
from chotxanh.verification import photos
from chotxanh.verification.photos import LARGEST_PHOTO_BYTES, qr_text_in

TEXT = "HC1:6BFOXN TS3DH0YOJ58S S-W5HDC *M0II5XHC9B5G2"


def qr_picture(text: str = TEXT, scale: int = 4) -> Image.Image:
    symbol = zxingcpp.create_barcode(text, zxingcpp.BarcodeFormat.QRCode, ec_level="Q")
    return Image.fromarray(symbol.to_image(scale=scale)).convert("L")


def saved(picture: Image.Image, kind: str = "PNG", **options: bool) -> io.BytesIO:
    stream = io.BytesIO()
    picture.save(stream, kind, **options)
    stream.seek(0)
    return stream


def read(stream: io.BytesIO) -> str:
    return qr_text_in(stream, len(stream.getvalue()))


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP"])
def test_the_code_is_read_from_a_picture(kind: str) -> None:
    assert read(saved(qr_picture(), kind)) == TEXT


def test_the_code_is_read_when_the_phone_was_turned() -> None:
    assert read(saved(qr_picture().rotate(90, expand=True))) == TEXT


def test_a_small_code_in_a_large_photo_is_read() -> None:
    photo = Image.new("L", (3000, 4000), 200)
    photo.paste(qr_picture(scale=5), (1800, 2900))
    assert read(saved(photo, "JPEG")) == TEXT


def test_a_transparent_background_counts_as_paper() -> None:
    code = qr_picture()
    clear = Image.new("RGBA", code.size, (0, 0, 0, 0))
    clear.paste(Image.new("RGBA", code.size, "black"), mask=code.point(lambda light: 255 - light))
    assert read(saved(clear)) == TEXT


def test_a_certificate_wins_over_other_codes_in_view() -> None:
    first, second = qr_picture(), qr_picture("https://example.vn/poster")
    both = Image.new("L", (first.width + second.width, max(first.height, second.height)), 255)
    both.paste(first, (0, 0))
    both.paste(second, (first.width, 0))
    assert read(saved(both)) == TEXT


def refusal(stream: io.BytesIO, size: int | None = None) -> str:
    with pytest.raises(Problem) as refused:
        qr_text_in(stream, size if size is not None else len(stream.getvalue()))
    return refused.value.code


def test_two_certificates_in_view_are_not_guessed_between() -> None:
    first, second = qr_picture(), qr_picture("HC1:ANOTHER ONE")
    both = Image.new("L", (first.width + second.width, max(first.height, second.height)), 255)
    both.paste(first, (0, 0))
    both.paste(second, (first.width, 0))
    assert refusal(saved(both)) == "photo_several_codes"


def test_a_photo_without_a_code_says_so() -> None:
    assert refusal(saved(Image.new("L", (300, 300), 120))) == "photo_without_code"


def test_what_is_no_picture_says_so() -> None:
    assert refusal(io.BytesIO(b"%PDF-1.7 not a picture")) == "photo_unreadable"
    assert refusal(io.BytesIO(saved(qr_picture()).getvalue()[:200])) == "photo_unreadable"


def test_a_heic_photo_is_told_what_to_do() -> None:
    assert refusal(io.BytesIO(b"\0\0\0\x18ftypheic\0\0\0\0mif1heic")) == "photo_heic"


def test_too_many_bytes_are_refused_unread() -> None:
    assert refusal(io.BytesIO(b""), LARGEST_PHOTO_BYTES + 1) == "photo_too_large"


def test_a_small_file_that_unpacks_into_a_huge_picture_is_refused_before_it_is_unpacked(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(reading, "MOST_PIXELS_WHOLE", 10_000)
    with pytest.raises(Problem, match="photo_too_many_pixels"):
        texts_in(saved(Image.new("L", (200, 200))))


@pytest.mark.parametrize(
    ("kind", "answer"), [("JPEG", "photo_without_code"), ("WEBP", "photo_too_many_pixels")]
)
def test_only_what_is_made_small_while_it_is_decoded_may_be_as_large_as_a_phones_photo(
    kind: str, answer: str
) -> None:
    """A WebP of 120 kB took 1.6 GB of the server's memory, and three seconds."""
    assert refusal(saved(Image.new("L", (5_000, 4_000)), kind)) == answer


@pytest.mark.parametrize("colours", ["L", "RGB", "CMYK"])
def test_a_jpeg_in_several_scans_is_kept_whole_until_the_last_and_may_be_no_larger(colours: str) -> None:
    """One of 64 megapixels and 750 kB took 400 MB of the server's memory."""
    assert read(saved(qr_picture().convert(colours), "JPEG", progressive=True)) == TEXT
    large = Image.new(colours, (5_000, 4_000))
    assert refusal(saved(large, "JPEG", progressive=True)) == "photo_too_many_pixels"
    assert refusal(saved(large, "JPEG")) == "photo_without_code"


def test_several_scans_are_seen_without_their_being_called_progressive() -> None:
    whole = saved(Image.new("RGB", (5_000, 4_000)), "JPEG").getvalue()
    before, head, after = whole.partition(bytes.fromhex("ffda000c03"))
    assert head
    one_colour = bytes.fromhex("ffda0008010100003f00")
    assert refusal(io.BytesIO(before + one_colour + after[9:])) == "photo_too_many_pixels"


def test_e11_too_many_pixels_are_not_called_too_many_bytes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "MOST_PIXELS_WHOLE", 2_000_000)
    photo = saved(Image.new("L", (2_001, 1_000)))
    assert found_in(photo) == Found(problem="photo_too_many_pixels", params={"megapixels": 2})
    assert refusal(saved(Image.new("L", (4_001, 4_000)))) == "photo_too_many_pixels"


@pytest.mark.parametrize("modules", ["white", "black"])
def test_e11_modules_of_either_colour_on_nothing_are_read(modules: str) -> None:
    code = qr_picture()
    drawn = code if modules == "white" else code.point(lambda light: 255 - light)
    clear = Image.new("RGBA", code.size, (0, 0, 0, 0))
    clear.paste(Image.new("RGBA", code.size, modules), mask=drawn)
    assert read(saved(clear)) == TEXT


@pytest.mark.parametrize("mode", ["P", "LA", "RGBA"])
def test_every_kind_of_transparent_picture_is_read(mode: str) -> None:
    assert read(saved(qr_picture().convert("RGBA").convert(mode))) == TEXT


def test_c1_one_photo_at_a_time_is_unpacked_on_the_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(photos, "LONGEST_WAIT_SECONDS", 0.0)
    photo = saved(qr_picture())
    with Turns().turn(settings.HOME / photos.TURN, 60), pytest.raises(Problem) as told:
        read(photo)
    assert told.value.code == "photos_busy"
    assert told.value.status == 503
    assert photos.AGAIN_SECONDS[0] <= int(told.value.params["seconds"]) <= photos.AGAIN_SECONDS[1]
    assert read(photo) == TEXT


def test_c1_a_photo_that_waits_has_its_turn_after_the_other() -> None:
    begun, read_after = threading.Event(), list[str]()

    def reading() -> None:
        begun.set()
        read_after.append(read(saved(qr_picture())))

    other = threading.Thread(target=reading)
    with Turns().turn(settings.HOME / photos.TURN, 60):
        other.start()
        assert begun.wait(60)
        assert read_after == []
    other.join()
    assert read_after == [TEXT]


def test_c1_a_few_bytes_that_unpack_into_64_megapixels_are_refused() -> None:
    bomb = saved(Image.new("1", (8000, 8000)))
    with pytest.raises(Problem, match="photo_too_many_pixels"):
        read(bomb)
