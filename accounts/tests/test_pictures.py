"""Whatever somebody sends becomes a small square WebP that says nothing else, or is refused in plain words before much is decoded."""

from __future__ import annotations

import io
import random
import time
import warnings
from contextlib import suppress

import pytest
from PIL import Image

from accounts.pictures import MAX_BYTES, digest_of, square_picture
from accounts.tests import picture_files as files
from core.exceptions import InvalidInput

WHITE, SCRIPT = (255, 255, 255), b"<script>alert(1)</script>"


def made(data: bytes) -> Image.Image:
    """The picture that comes of a file: always of the same kind."""
    image = Image.open(io.BytesIO(square_picture(data)))
    assert (image.format, image.mode, image.size) == ("WEBP", "RGB", (256, 256))
    return image


def near(image: Image.Image, at: tuple[int, int], colour: tuple[int, ...]) -> bool:
    seen = image.getpixel(at)
    assert isinstance(seen, tuple)
    return all(abs(one - other) < 24 for one, other in zip(seen, colour, strict=True))


def refusal(data: bytes) -> InvalidInput:
    with pytest.raises(InvalidInput) as caught:
        square_picture(data)
    return caught.value


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP", "GIF"])
def test_every_kind_is_known_by_its_content(kind: str) -> None:
    assert near(made(files.encoded(files.plain(), kind)), (128, 128), files.RED)


@pytest.mark.parametrize("size", [(1, 1), (3, 1000), (1000, 3), (20_000, 100), (255, 257)])
def test_every_shape_becomes_a_square_from_its_middle(size: tuple[int, int]) -> None:
    assert near(made(files.encoded(files.plain(size=size))), (10, 250), files.RED)


def test_the_sides_that_do_not_fit_are_cut_off() -> None:
    image = files.plain(files.BLUE, (300, 100))
    image.paste(files.RED, (100, 0, 200, 100))
    square = made(files.encoded(image))
    assert near(square, (3, 128), files.RED)
    assert near(square, (252, 128), files.RED)


@pytest.mark.parametrize(
    ("mode", "colour", "shown"),
    [("L", 128, (128, 128, 128)), ("1", 1, WHITE), ("CMYK", (0, 255, 255, 0), (255, 0, 0)), ("I;16", 40_000, (156, 156, 156))],
)
def test_every_way_to_say_a_colour_is_understood(mode: str, colour: int, shown: tuple[int, ...]) -> None:
    image = Image.new(mode, (300, 200), colour)
    assert near(made(files.encoded(image, "JPEG" if mode == "CMYK" else "PNG")), (128, 128), shown)


def test_a_palette_with_a_transparent_colour_is_understood() -> None:
    image = Image.new("P", (100, 100), 0)
    image.putpalette([200, 0, 0, 0, 0, 200])
    image.paste(1, (0, 50, 100, 100))
    square = made(files.encoded(image, "PNG", transparency=0))
    assert near(square, (128, 20), WHITE)
    assert near(square, (128, 240), (0, 0, 200))


@pytest.mark.parametrize(
    ("ink", "ground"), [((20, 20, 20), WHITE), ((220, 20, 20), WHITE), (WHITE, (38, 42, 46)), ((245, 245, 235), (38, 42, 46))]
)
def test_a_drawing_on_nothing_gets_a_ground_that_it_stands_out_from(ink: tuple[int, int, int], ground: tuple[int, int, int]) -> None:
    image = Image.new("RGBA", (200, 200), (*ink, 0))
    image.paste((*ink, 255), (50, 50, 150, 150))
    square = made(files.encoded(image))
    assert near(square, (128, 128), ink)
    assert near(square, (10, 10), ground)


def test_what_cannot_be_seen_at_all_is_white() -> None:
    assert near(made(files.encoded(Image.new("RGBA", (90, 90), (0, 0, 0, 0)))), (128, 128), WHITE)


@pytest.mark.parametrize("kind", ["GIF", "WEBP", "PNG"])
def test_of_an_animation_the_first_picture_is_taken(kind: str) -> None:
    more = [files.plain(files.BLUE) for _ in range(3)]
    assert near(made(files.encoded(files.plain(), kind, save_all=True, append_images=more, duration=50)), (128, 128), files.RED)


@pytest.mark.parametrize(
    ("orientation", "red_at"), [(1, (128, 20)), (3, (128, 235)), (6, (235, 128)), (8, (20, 128))], ids=["upright", "over", "right", "left"]
)
def test_a_photo_stands_as_it_was_taken(orientation: int, red_at: tuple[int, int]) -> None:
    assert near(made(files.photo(orientation)), red_at, files.RED)


def test_neither_place_nor_camera_nor_comment_stays() -> None:
    sent, kept = files.photo(6), square_picture(files.photo(6))
    for secret in (b"SecretCamera", b"Exif", b"taken at home"):
        assert secret in sent
        assert secret not in kept
    image = Image.open(io.BytesIO(kept))
    assert not image.getexif()
    assert not {"exif", "xmp", "icc_profile", "comment"} & set(image.info)


def test_a_profile_of_colours_and_texts_do_not_stay() -> None:
    kept = square_picture(files.encoded(files.plain(), "PNG", icc_profile=b"profile" * 50))
    assert b"ICCP" not in kept
    assert b"profile" not in kept


@pytest.mark.parametrize("end", [SCRIPT, b"PK\x03\x04" + SCRIPT, b"%PDF-1.7\n" + SCRIPT])
def test_a_picture_that_is_something_else_too_is_only_a_picture_afterwards(end: bytes) -> None:
    for kind in ("GIF", "JPEG", "PNG"):
        assert SCRIPT not in square_picture(files.encoded(files.plain(), kind) + end)
    assert SCRIPT not in square_picture(files.encoded(files.plain(), "JPEG", comment=end))


@pytest.mark.parametrize(
    "data",
    [
        b"\0" * 100,
        SCRIPT,
        b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>',
        b"GIF89a" + SCRIPT,
        b"\x89PNG\r\n\x1a\n",
        b"\xff\xd8\xff\xe0",
        b"RIFF\xff\xff\xff\xffWEBPVP8X",
        files.encoded(files.plain(), "BMP"),
        files.encoded(files.plain(), "TIFF"),
        files.encoded(files.plain(), "ICO"),
        files.encoded(files.plain(), "PDF"),
    ],
)
def test_what_is_no_picture_that_we_take_is_refused_in_plain_words(data: bytes) -> None:
    assert refusal(data).message.startswith("We could not read that as a picture.")


def test_an_empty_file_is_refused() -> None:
    assert refusal(b"").message == "That file is empty. Choose another picture."


def test_a_file_of_more_than_five_megabytes_is_refused() -> None:
    assert "at most 5 MB" in refusal(files.encoded(files.plain()) + b"\0" * MAX_BYTES).message


@pytest.mark.filterwarnings("ignore::PIL.Image.DecompressionBombWarning")
@pytest.mark.parametrize(
    "data",
    [
        files.png_that_says(6400, 6400),
        files.png_that_says(12_000, 12_000),
        files.png_that_says(2**31 - 1, 2**31 - 1),
        files.gif_that_says(60_000, 60_000),
        files.webp_that_says(16_383, 16_383),
        files.webp_that_says(60_000, 60_000),
    ],
)
def test_a_bomb_is_refused_before_it_is_decoded(data: bytes) -> None:
    began = time.process_time()
    assert "at most 40 megapixels" in refusal(data).message
    assert time.process_time() - began < 0.2


def test_a_bomb_is_refused_where_warnings_are_errors() -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert "at most 40 megapixels" in refusal(files.png_that_says(12_000, 12_000)).message


def test_a_jpeg_in_thousands_of_passes_is_refused_before_it_is_decoded() -> None:
    data = files.jpeg_in_passes(5_000)
    assert len(data) < MAX_BYTES
    began = time.process_time()
    refusal(data)
    assert time.process_time() - began < 0.5


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP", "GIF"])
def test_a_file_that_ends_early_or_is_damaged_never_breaks_anything(kind: str) -> None:
    whole = files.encoded(Image.effect_noise((64, 64), 90).convert("RGB"), kind)
    dice = random.Random(7)
    for number in range(120):
        broken = bytearray(whole[: dice.randrange(len(whole))] if number % 2 else whole)
        for _ in range(dice.randrange(1, 12)):
            if broken:
                broken[dice.randrange(len(broken))] = dice.randrange(256)
        with suppress(InvalidInput):
            made(bytes(broken))


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP", "GIF"])
def test_half_a_file_is_no_picture(kind: str) -> None:
    whole = files.encoded(Image.effect_noise((64, 64), 90).convert("RGB"), kind)
    assert "may be damaged" in refusal(whole[: len(whole) // 2]).message


def test_a_photo_with_damaged_notes_is_still_a_photo() -> None:
    photo = files.photo(6)
    at = photo.index(b"Exif") + 6
    assert made(photo[:at] + b"\xff" * 40 + photo[at + 40 :])


def test_the_same_picture_has_the_same_digest_and_another_one_another() -> None:
    one, other = square_picture(files.encoded(files.plain())), square_picture(files.encoded(files.plain(files.BLUE)))
    assert digest_of(one) == digest_of(square_picture(files.encoded(files.plain())))
    assert digest_of(one) != digest_of(other)
    assert len(digest_of(one)) == 16
