"""Which browser on which system, in words, from what a browser says of itself."""

from __future__ import annotations

import re

# The first that fits: many browsers also call themselves by the names of others.
_BROWSERS = (
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("Vivaldi", "Vivaldi"),
    ("SamsungBrowser", "Samsung Internet"),
    ("DuckDuckGo", "DuckDuckGo"),
    ("Firefox|FxiOS", "Firefox"),
    ("HeadlessChrome|Chrome|CriOS", "Chrome"),
    ("Safari", "Safari"),
    ("curl|python|Go-http|okhttp", "A program"),
)
_SYSTEMS = (
    ("iPad", "iPad"),
    ("iPhone", "iPhone"),
    ("Android", "Android"),
    ("CrOS", "ChromeOS"),
    ("Windows", "Windows"),
    ("Macintosh|Mac OS X", "macOS"),
    ("Linux|X11", "Linux"),
)
HANDHELD = frozenset({"iPad", "iPhone", "Android"})


def device_name(agent: str) -> str:
    """`Firefox on Linux`; what is not known is left out, and "An unknown browser" says that nothing is."""
    browser, system = _first(_BROWSERS, agent), device_system(agent)
    if browser and system:
        return f"{browser} on {system}"
    return browser or (f"A browser on {system}" if system else "An unknown browser")


def device_system(agent: str) -> str:
    return _first(_SYSTEMS, agent)


def _first(names: tuple[tuple[str, str], ...], agent: str) -> str:
    return next((name for pattern, name in names if re.search(pattern, agent)), "")
