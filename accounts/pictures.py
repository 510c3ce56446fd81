"""Somebody's picture, made anew from whatever they sent: small, square, and without a word of what the file said besides."""

from __future__ import annotations

import hashlib
import io
import logging
import threading

from PIL import Image, ImageOps, ImageStat

from core.exceptions import InvalidInput, Unavailable

logger = logging.getLogger(__name__)

MAX_BYTES = 5 * 1024 * 1024
MAX_PIXELS = 40_000_000
SIDE = 256
# By content: what a file is called and what a browser says of it are never asked.
_FORMATS = ("PNG", "JPEG", "WEBP", "GIF")
# A JPEG may be sent in passes, each over the whole picture. Cameras use about ten; thousands fit into a small file and take minutes.
_MAX_PASSES = 100
_PASS_BEGINS = b"\xff\xda"
# A file of two kilobytes may need 600 MB while it is decoded (40 megapixels as WebP, measured 2026-11): one at a time in each process.
_DECODING = threading.Lock()
_WAIT_SECONDS = 3.0
_WHITE, _DARK = (255, 255, 255), (38, 42, 46)
_NEARLY_WHITE = 215


def square_picture(data: bytes) -> bytes:
    """The middle of an image as a WebP of 256 x 256 pixels, upright, opaque, without metadata; of an animation the first picture.

    Takes PNG, JPEG, WebP and GIF of at most 5 MB and 40 megapixels; how large it is is looked at before a pixel is decoded.
    Raises `InvalidInput`, and nothing else, for whatever cannot be used; `Unavailable` when others' pictures take too long.
    """
    if not data:
        raise InvalidInput("That file is empty. Choose another picture.", code="picture_unreadable")
    if len(data) > MAX_BYTES:
        raise too_large()
    if not _DECODING.acquire(timeout=_WAIT_SECONDS):
        raise Unavailable("Other pictures are being made ready just now. Please try again in a moment.")
    try:
        return _encoded(_opaque(_square(_opened(data))))
    except InvalidInput:
        raise
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise _too_many_pixels() from error
    except Exception as error:  # a broken file makes the decoders raise all kinds, `SyntaxError` and `struct.error` among them
        logger.info("A picture could not be read", extra={"cause": repr(error)})
        raise InvalidInput(
            "We could not read that as a picture. It may be damaged; choose a PNG, JPEG, WebP or GIF file.", code="picture_unreadable"
        ) from error
    finally:
        _DECODING.release()


def digest_of(image: bytes) -> str:
    """Sixteen characters that are others for another picture."""
    return hashlib.sha256(image).hexdigest()[:16]


def too_large() -> InvalidInput:
    return InvalidInput("That file is too large: a picture may have at most 5 MB.", code="picture_too_large")


def _too_many_pixels() -> InvalidInput:
    return InvalidInput("That picture has too many pixels: at most 40 megapixels. Make it smaller and try again.", code="picture_too_large")


def _opened(data: bytes) -> Image.Image:
    """The first picture in the file, not decoded yet."""
    image = Image.open(io.BytesIO(data), formats=_FORMATS)
    if image.width * image.height > MAX_PIXELS:
        raise _too_many_pixels()
    if image.format in ("JPEG", "MPO"):
        if data.count(_PASS_BEGINS) > _MAX_PASSES:
            raise ValueError("too many passes")
        image.draft(None, (2 * SIDE, 2 * SIDE))  # decoded at a size near the one that is needed: quick, and little memory
    return image


def _square(image: Image.Image) -> Image.Image:
    """The middle of it, upright, at its final size, with or without transparency (`RGBA`, `RGB`)."""
    image.load()
    image = _upright(image)
    side = min(image.size)
    left, top = (image.width - side) // 2, (image.height - side) // 2
    image = image.crop((left, top, left + side, top + side))
    if image.mode.startswith("I"):  # 16 bits of grey
        image = image.point(lambda value: value * (1 / 256) + 0).convert("L")
    if image.mode not in ("RGB", "RGBA"):
        image = image.convert("RGBA" if image.has_transparency_data else "RGB")
    elif image.has_transparency_data:
        image = image.convert("RGBA")
    return image.resize((SIDE, SIDE), Image.Resampling.LANCZOS)


def _upright(image: Image.Image) -> Image.Image:
    """As the camera was held. What it says of that may be broken; then the picture stays as it is."""
    try:
        return ImageOps.exif_transpose(image)
    except Exception:  # whatever a hostile EXIF block raises
        return image


def _opaque(image: Image.Image) -> Image.Image:
    """On white; what is nearly white itself, on dark. A new image, so that nothing comes along that the old one carried."""
    clean = Image.new("RGB", image.size, _WHITE)
    if image.mode == "RGB":
        clean.paste(image)
        return clean
    seen = image.getchannel("A")
    [(least, most)] = ImageStat.Stat(seen).extrema
    # The mean brightness of what one sees of it, weighed by how much one sees.
    if least < 255 and most and ImageStat.Stat(image.convert("RGB").convert("L"), mask=seen).mean[0] > _NEARLY_WHITE:
        clean.paste(_DARK, (0, 0, *image.size))
    clean.paste(image, mask=seen)
    return clean


def _encoded(image: Image.Image) -> bytes:
    out = io.BytesIO()
    image.save(out, "WEBP", quality=84, method=4)
    return out.getvalue()
