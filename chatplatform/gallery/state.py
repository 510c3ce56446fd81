"""A fragment in one of its states, and how many of them stand on one page."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils.safestring import SafeString, mark_safe
from django.utils.text import slugify

# Ids that style sheets know: a fragment would look otherwise without them.
_KEPT = frozenset({"send", "stop", "conversations", "log", "title"})
_ID = re.compile(r'\sid="([^"]+)"')
_REFERENCE = re.compile(r'(\s(?:id|for|form|list|popovertarget|aria-labelledby|aria-describedby|aria-controls|data-count-of)=")([^"]+)(")')


@dataclass(frozen=True, slots=True)
class State:
    """`template` with `context`, inside an element `tag` with `classes`: what it stands in on a page.

    `changes` are what the page's scripts would have done by then: pieces of the markup, and what stands in their places.
    """

    name: str
    template: str
    context: dict[str, Any] = field(default_factory=dict)
    tag: str = "div"
    classes: str = ""
    changes: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Group:
    name: str
    states: Sequence[State]


@dataclass(frozen=True, slots=True)
class Drawn:
    """A state as the page shows it: its own id, and the fragment's markup."""

    id: str
    state: State
    html: SafeString


def drawn(request: HttpRequest, groups: Sequence[Group]) -> Iterator[tuple[Group, list[Drawn]]]:
    """Every state as markup. An id that the page has already gets the state's name, with all that refers to it."""
    taken: set[str] = set()
    for group in groups:
        yield group, [_draw(request, state, taken) for state in group.states]


def _draw(request: HttpRequest, state: State, taken: set[str]) -> Drawn:
    here = slugify(state.name)
    if f"state-{here}" in taken:
        raise ValueError(f"Two states are called {state.name}.")
    markup: str = render_to_string(state.template, state.context, request)
    for found, instead in state.changes:
        if found not in markup:
            raise ValueError(f"{state.template} has no {found} any more.")
        markup = markup.replace(found, instead)
    ids = set(_ID.findall(markup))
    again = (ids & taken) - _KEPT

    def rename(match: re.Match[str]) -> str:
        names = (f"{name}--{here}" if name in again else name for name in match[2].split())
        return match[1] + " ".join(names) + match[3]

    taken |= ids | {f"state-{here}"}
    return Drawn(f"state-{here}", state, mark_safe(_REFERENCE.sub(rename, markup)))  # noqa: S308 - rendered by the product's own templates
