"""ES modules that always come together, sent as one file: a request and a place in the cache for each cost more than what is in them.

They stay one module a file for those who write them; with `DEBUG` a page loads each by itself. Joined are all modules that the entry
imports, in the order in which a browser would run them, each in a function of its own so that names do not meet. What other files
import too stands apart and is imported by all, for a module that were there twice would have two states: what comes earlier
(`EARLY`), and what modules that are fetched when they are needed import.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator

Read = Callable[[str], str]  # the text of a module by its name
ENTRY, EARLY = "chat", ("first_sight",)

_IMPORT = re.compile(r'^import (?:\{( \w+(?:, \w+)* )\} from )?"\./(\w+)\.js";\n', re.MULTILINE)
_LATER = re.compile(r'\bimport\("\./(\w+)\.js"\)')
_EXPORT = re.compile(r"^export ((?:async )?function\*? |const |class )(\w+)", re.MULTILINE)


def address(name: str) -> str:
    """The static file's own address."""
    return f"js/{name}.js"


def joined_address() -> str:
    return address(f"together-{ENTRY}")


def everything(read: Read) -> list[str]:
    """All modules of the page, each behind what it imports; those that are fetched when they are needed are not among them."""
    return _with_imports([*EARLY, ENTRY], read)


def early(read: Read) -> list[str]:
    """Those that run before the page is seen."""
    return _with_imports(EARLY, read)


def apart(read: Read) -> list[str]:
    """Those that are files of their own nevertheless."""
    later = {name for module in everything(read) for name in _LATER.findall(read(module))}
    others = set(_with_imports([*EARLY, *later], read))
    return [module for module in everything(read) if module in others]


def joined(read: Read) -> str:
    """The other modules as one. Raises `ValueError` for what it does not know how to join."""
    alone = apart(read)
    bodies = [(name, read(name)) for name in everything(read) if name not in alone]
    imports = "".join(f'import * as ${name} from "./{name}.js";\n' for name in alone)
    return imports + "".join(_as_function(name, text) for name, text in bodies)


def _as_function(name: str, text: str) -> str:
    exported = [match[2] for match in _EXPORT.finditer(text)]
    body = _EXPORT.sub(r"\1\2", _IMPORT.sub(lambda match: f"const {{{match[1]}}} = ${match[2]};\n" if match[1] else "", text))
    if left := re.search(r"^(?:import|export|await)\b.*", body, re.MULTILINE):
        raise ValueError(f"{name}.js: cannot join `{left[0]}`")
    return f"const ${name} = (() => {{\n{body}return {{ {', '.join(exported)} }};\n}})();\n"


def _with_imports(names: Iterable[str], read: Read) -> list[str]:
    """These and all that they import, each behind what it imports. Raises `ValueError` for modules that import each other."""
    done: dict[str, bool] = {}

    def visit(name: str) -> Iterator[str]:
        if name in done:
            if not done[name]:
                raise ValueError(f"{name}.js imports itself by way of others")
            return
        done[name] = False
        for _, imported in _IMPORT.findall(read(name)):
            yield from visit(imported)
        done[name] = True
        yield name

    return [module for name in names for module in visit(name)]
