"""Image files for tests: good ones, and what somebody with ill intent would send."""

from __future__ import annotations

import io
import struct
import zlib
from typing import Any

from PIL import Image

RED, BLUE = (220, 20, 20), (20, 20, 220)


def encoded(image: Image.Image, kind: str = "PNG", **options: Any) -> bytes:
    out = io.BytesIO()
    image.save(out, kind, **options)
    return out.getvalue()


def plain(colour: tuple[int, ...] = RED, size: tuple[int, int] = (300, 200), mode: str = "RGB") -> Image.Image:
    return Image.new(mode, size, colour)


def halves(size: tuple[int, int] = (200, 200)) -> Image.Image:
    """Red above, blue below."""
    image = plain(RED, size)
    image.paste(BLUE, (0, size[1] // 2, *size))
    return image


def photo(orientation: int) -> bytes:
    """A JPEG of a telephone: where it was taken, with what, and how it was held."""
    image = halves()
    exif = image.getexif()
    exif[0x0112] = orientation
    exif[0x010F] = "SecretCamera"
    exif.get_ifd(0x8825).update({1: "N", 2: (50.0, 51.0, 0.0), 3: "E", 4: (4.0, 21.0, 0.0)})
    return encoded(image, "JPEG", quality=95, exif=exif, comment=b"taken at home")


def png_that_says(width: int, height: int) -> bytes:
    """A few bytes that claim to be as large as that."""
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + _chunk(b"IHDR", head) + _chunk(b"IDAT", zlib.compress(b"\0" * 100_000)) + _chunk(b"IEND", b"")


def gif_that_says(width: int, height: int) -> bytes:
    """A small canvas with a first picture that is as large as that."""
    gif = bytearray(encoded(plain((1,), (1, 1), "P"), "GIF"))
    at = gif.rindex(b"\x2c", 0, len(gif) - 8)
    gif[at + 5 : at + 9] = struct.pack("<HH", width, height)
    return bytes(gif)


def webp_that_says(width: int, height: int) -> bytes:
    canvas = (width - 1).to_bytes(3, "little") + (height - 1).to_bytes(3, "little")
    parts = b"VP8X" + struct.pack("<I", 10) + b"\x02\0\0\0" + canvas + b"ANIM" + struct.pack("<I", 6) + bytes(6)
    return b"RIFF" + struct.pack("<I", 4 + len(parts)) + b"WEBP" + parts


def jpeg_in_passes(passes: int) -> bytes:
    """A large grey JPEG whose last pass is sent again and again: small to send, long to decode."""
    whole = encoded(Image.new("L", (6000, 6000), 128), "JPEG", progressive=True)
    last = whole[whole.rindex(b"\xff\xda") : -2]
    return whole[:-2] + last * passes + b"\xff\xd9"


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
