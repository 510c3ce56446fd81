"""The `.env` file: `NAME=value` lines for people who do not want to export variables. The real environment wins."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

from chatplatform.embedded.errors import ConfigurationError

_LINE = re.compile(r"(?:export\s+)?(?P<name>[A-Za-z_][A-Za-z0-9_]*)\s*=\s*(?P<value>.*)")
_ESCAPES = {"\\n": "\n", "\\t": "\t", '\\"': '"', "\\\\": "\\"}


def with_dotenv(path: Path, environment: Mapping[str, str]) -> dict[str, str]:
    """The environment, completed from the file. A variable that is set, even to nothing, is left alone."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        return dict(environment)
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigurationError(f"{path}: cannot be read: {error}") from error
    return {**parse(text, str(path)), **environment}


def parse(text: str, source: str = ".env") -> dict[str, str]:
    """`NAME=value`, `export NAME=value`, quotes as in a shell, `# comment`; nothing is expanded."""
    values: dict[str, str] = {}
    for number, raw in enumerate(text.splitlines(), 1):
        line = raw.strip()
        if not line or line.startswith("#"):
            continue
        match = _LINE.fullmatch(line)
        if not match:
            raise ConfigurationError(f"{source}, line {number}: expected NAME=value")
        values[match["name"]] = _value(match["value"], f"{source}, line {number}")
    return values


def _value(text: str, where: str) -> str:
    quote = text[:1]
    if quote not in ("'", '"'):
        return re.split(r"(?:^|\s)#", text, maxsplit=1)[0].strip()
    pattern = r"'([^']*)'\s*(?:#.*)?" if quote == "'" else r'"((?:[^"\\]|\\.)*)"\s*(?:#.*)?'
    match = re.fullmatch(pattern, text)
    if not match:
        raise ConfigurationError(f"{where}: the quote is not closed")
    if quote == "'":
        return match[1]
    return re.sub(r"\\.", lambda escape: _ESCAPES.get(escape[0], escape[0]), match[1])
