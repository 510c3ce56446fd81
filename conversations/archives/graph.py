"""From the steps that another product records to the questions and answers that people saw.

Products write an answer as a chain: thoughts, a call of a tool, its output, text. Here a question and its answer alternate, so the
steps of one answer become one message. Where such a chain forks in its middle, each branch gets the whole answer, its beginning
included. Steps that nobody saw vanish; what hangs on them moves up. Nothing here recurses: a chain may have 50,000 steps.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum, auto

from conversations.archives import reasons
from conversations.archives.limits import LIMITS, Limits
from conversations.archives.parsed import ParsedMessage
from conversations.archives.reasons import Skipped


class Kind(Enum):
    UNSEEN = auto()
    QUESTION = auto()
    ANSWER = auto()


@dataclass(slots=True)
class Step:
    """One recorded step. `left_out` counts what of it stays out, by reason."""

    kind: Kind = Kind.UNSEEN
    text: str = ""
    reasoning: str = ""
    model: str = ""
    at: datetime | None = None
    left_out: Counter[str] = field(default_factory=Counter)


@dataclass(slots=True)
class Node:
    """A step in its place. `children` in the order in which they were made."""

    step: Step
    parent: str | None
    children: list[str] = field(default_factory=list)


@dataclass(slots=True)
class _Link:
    """The steps of an answer so far, last one first; the message made of them, once there is one."""

    step: Step
    before: _Link | None
    question: int | None
    message: int | None = None


class Graph:
    """`messages` and where `shown` is, from the nodes; `start` is the time of messages that have none."""

    def __init__(self, nodes: dict[str, Node], start: datetime, limits: Limits = LIMITS) -> None:
        self.messages: list[ParsedMessage] = []
        self.left_out: Counter[str] = Counter()
        self._nodes = nodes
        self._start = start
        self._limits = limits
        # Forked chains repeat their beginnings: what they may grow to is bounded by what one conversation may have.
        self._room = limits.conversation
        self._questions: dict[str, int] = {}
        self._links: dict[str, _Link] = {}
        self._order = self._reachable()
        self._seen = self._seen_below()
        self._build()

    def shown(self, current: str | None) -> int | None:
        """The message of this node, or of the nearest one above it that people saw; else the end of the newest branch."""
        here, visited = current, set[str]()
        while here in self._nodes and here not in visited:
            if (message := self._message_of(here)) is not None:
                return message
            visited.add(here)
            here = self._nodes[here].parent
        return len(self.messages) - 1 if self.messages else None

    def _message_of(self, node: str) -> int | None:
        """Down to where its answer ends, for a step in the middle of a chain."""
        here = node
        while True:
            if here in self._questions:
                return self._questions[here]
            link = self._links.get(here)
            if link is not None and link.message is not None:
                return link.message
            below = [child for child in self._nodes[here].children if self._seen.get(child)]
            if link is None or not below:
                return None
            here = below[-1]

    def _reachable(self) -> list[str]:
        """From the roots down, parents first, siblings in order. What hangs in a loop is not there."""
        roots = [name for name, node in self._nodes.items() if node.parent is None or node.parent not in self._nodes]
        order, waiting, found = [], list(reversed(roots)), set[str]()
        while waiting:
            name = waiting.pop()
            if name in found:
                continue
            found.add(name)
            order.append(name)
            waiting.extend(child for child in reversed(self._nodes[name].children) if child in self._nodes)
        if lost := len(self._nodes) - len(order):
            self.left_out[reasons.LOOPS] += lost
        return order

    def _seen_below(self) -> dict[str, bool]:
        """Whether people saw this node, or anything below it."""
        seen: dict[str, bool] = {}
        for name in reversed(self._order):
            node = self._nodes[name]
            seen[name] = node.step.kind is not Kind.UNSEEN or any(seen.get(child, False) for child in node.children)
        return seen

    def _build(self) -> None:
        places: dict[str, tuple[int | None, _Link | None]] = {}
        for name in self._order:
            node = self._nodes[name]
            above, link = places.pop(name, (None, None))
            self.left_out.update(node.step.left_out)
            below = [child for child in node.children if self._seen.get(child)]
            if node.step.kind is Kind.QUESTION:
                above, link = self._add("user", node.step, self._closed(link) if link else above), None
                self._questions[name] = above
            elif node.step.kind is Kind.ANSWER:
                link = self._links[name] = _Link(node.step, link, above)
                if not below:
                    self._closed(link)
            for child in below:
                places.setdefault(child, (above, link))

    def _closed(self, link: _Link) -> int:
        """The message of the chain that ends here; made once."""
        if link.message is None:
            steps, here = [link.step], link.before
            while here is not None:
                steps.append(here.step)
                here = here.before
            steps.reverse()
            merged = Step(
                text="\n\n".join(step.text for step in steps if step.text),
                reasoning="\n\n".join(step.reasoning for step in steps if step.reasoning),
                model=next((step.model for step in reversed(steps) if step.model), ""),
                at=next((step.at for step in steps if step.at), None),
            )
            link.message = self._add("assistant", merged, link.question)
        return link.message

    def _add(self, role: str, step: Step, parent: int | None) -> int:
        text = step.text
        self._room -= len(text) + len(step.reasoning)
        if self._room < 0:
            raise Skipped(reasons.TOO_LARGE)
        if len(text) > self._limits.message_chars:
            text = text[: self._limits.message_chars]
            self.left_out[reasons.CUT] += 1
        at = step.at or (self.messages[parent].created_at if parent is not None else self._start)
        self.messages.append(ParsedMessage(role, text, at, parent, step.reasoning[: self._limits.message_chars], step.model))
        return len(self.messages) - 1
