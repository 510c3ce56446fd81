"""Every colour of code can be read on its ground, in both themes (WCAG 2.2, 1.4.3: 4.5:1)."""

from __future__ import annotations

import math
import re
from pathlib import Path

import pytest

from conversations.rendering.highlight import CLASS_NAMES

STYLES = Path(__file__).resolve().parents[3] / "static" / "css"
PROSE = (STYLES / "prose.css").read_text()
TOKENS = (STYLES / "tokens.css").read_text()
OKLCH = r"oklch\(([\d.]+) ([\d.]+) ([\d.]+)\)"
BOTH = rf"light-dark\({OKLCH}, {OKLCH}\)"


def luminance(lightness: float, chroma: float, hue: float) -> float:
    """Relative luminance of an OKLCH colour (Björn Ottosson's matrices, clipped to sRGB)."""
    a, b = chroma * math.cos(math.radians(hue)), chroma * math.sin(math.radians(hue))
    long = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3
    medium = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3
    short = (lightness - 0.0894841775 * a - 1.2914855480 * b) ** 3
    red = 4.0767416621 * long - 3.3077115913 * medium + 0.2309699292 * short
    green = -1.2684380046 * long + 2.6097574011 * medium - 0.3413193965 * short
    blue = -0.0041960863 * long - 0.7034186147 * medium + 1.7076147010 * short
    red, green, blue = (min(max(part, 0.0), 1.0) for part in (red, green, blue))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def themes(value: str) -> tuple[float, float]:
    """Luminance of a value in light and dark."""
    name = re.fullmatch(r"var\((--[\w-]+)\)", value)
    if name:
        found = re.search(rf"{name[1]}: ({BOTH});", TOKENS)
        assert found, f"{name[1]} is no token"
        value = found[1]
    numbers = [float(number) for number in re.fullmatch(BOTH, value).groups()]  # type: ignore[union-attr]
    return luminance(*numbers[:3]), luminance(*numbers[3:])


def colours() -> dict[str, str]:
    """Class name to colour."""
    rules = re.findall(r"^  ((?:\.code \.\w+(?:, )?)+) \{ color: ([^;]+);", PROSE, re.M)
    return {name: colour for selector, colour in rules for name in re.findall(r"\.code \.(\w+)", selector)}


def test_every_class_has_a_colour() -> None:
    assert colours().keys() == CLASS_NAMES


@pytest.mark.parametrize("name", [*sorted(CLASS_NAMES), "plain code", "caption"])
def test_colours_can_be_read(name: str) -> None:
    colour = {"plain code": "var(--ink)", "caption": "var(--ink-2)"}.get(name) or colours()[name]
    for ground, ink in zip(themes("var(--sunken)"), themes(colour), strict=True):
        lighter, darker = max(ground, ink), min(ground, ink)
        assert (lighter + 0.05) / (darker + 0.05) >= 4.5
