"""The colours of the design system can be read, in both themes, by arithmetic and not by taste."""

from __future__ import annotations

import gzip
import math
import re

import pytest
from django.conf import settings

from core.stylesheets import SITE, joined

CSS = settings.BASE_DIR / "static" / "css"
TOKENS = (CSS / "tokens.css").read_text()
WORDS, CONTROLS = 4.5, 3.0

PAIRS = [
    *(
        (ink, surface, WORDS)
        for ink in ("ink", "ink-2", "ink-3", "danger", "warn", "ok", "accent")
        for surface in ("paper", "raised", "sunken")
    ),
    ("ink", "accent-soft", WORDS),
    ("ink-2", "accent-soft", WORDS),
    ("accent-ink", "accent", WORDS),
    ("paper", "ink", WORDS),
    ("line-2", "paper", CONTROLS),
    ("line-2", "raised", CONTROLS),
    ("line-2", "sunken", CONTROLS),
]


def luminance(lightness: float, chroma: float, hue: float) -> float:
    """Relative luminance (WCAG 2.2) of an OKLCH colour, by the matrices of CSS Color 4 (section 10.4), clipped to sRGB."""
    a, b = chroma * math.cos(math.radians(hue)), chroma * math.sin(math.radians(hue))
    long = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3
    middle = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3
    short = (lightness - 0.0894841775 * a - 1.2914855480 * b) ** 3
    red = 4.0767416621 * long - 3.3077115913 * middle + 0.2309699292 * short
    green = -1.2684380046 * long + 2.6097574011 * middle - 0.3413193965 * short
    blue = -0.0041960863 * long - 0.7034186147 * middle + 1.7076147010 * short
    red, green, blue = (min(1.0, max(0.0, part)) for part in (red, green, blue))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def colour(name: str, theme: str) -> float:
    both = re.search(rf"--{name}: light-dark\(oklch\(([^)]+)\), oklch\(([^)]+)\)\)", TOKENS)
    assert both is not None, name
    lightness, chroma, hue = map(float, both[1 if theme == "light" else 2].split())
    return luminance(lightness, chroma, hue)


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize(("front", "back", "least"), PAIRS)
def test_words_and_controls_stand_out_enough(theme: str, front: str, back: str, least: float) -> None:
    one, other = colour(front, theme), colour(back, theme)
    assert (max(one, other) + 0.05) / (min(one, other) + 0.05) >= least


def test_the_whole_design_system_stays_small() -> None:
    text = joined(SITE, lambda path: (settings.BASE_DIR / "static" / path).read_text())
    assert len(gzip.compress(text.encode())) < 8_000
    assert text.count("@layer components {") >= 5


@pytest.mark.parametrize("sheet", sorted(path.name for path in CSS.glob("*.css")))
def test_a_sheet_uses_only_tokens_that_exist(sheet: str) -> None:
    text = (CSS / sheet).read_text()
    known = set(re.findall(r"(--[\w-]+):", TOKENS + text))
    assert set(re.findall(r"var\((--[\w-]+)\)", text)) <= known
    assert "!important" not in text
