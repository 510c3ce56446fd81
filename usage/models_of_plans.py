"""Which models a plan includes: keys ("<provider>:<model id>") or patterns with `*`; none of them means all models."""

from __future__ import annotations

from collections.abc import Sequence
from fnmatch import fnmatchcase


def includes(model_keys: Sequence[str], model_key: str) -> bool:
    return not model_keys or any(fnmatchcase(model_key, pattern) for pattern in model_keys)
