"""What belongs to which topic, and what people are told about each."""

from __future__ import annotations

from notifications.types import Kind, Topic

_OF_KIND = {Kind.EXPORT_READY: Topic.EXPORTS, Kind.EXPORT_FAILED: Topic.EXPORTS, Kind.WELCOME: Topic.NEWS}

SENTENCES = {
    Topic.USAGE: "When 80, 90 and 100 % of your plan are used. The chat shows it too, whatever you choose here.",
    Topic.EXPORTS: "When the file with your data that you asked for can be downloaded, or could not be made.",
    Topic.NEWS: "A greeting, and now and then what is worth knowing about this place.",
}


def topic_of(kind: Kind) -> Topic | None:
    """None: it concerns the security of the account and always comes."""
    return _OF_KIND.get(kind)


def kinds_of(topics: frozenset[Topic]) -> list[Kind]:
    """What is not written to somebody who has muted these."""
    return [kind for kind, topic in _OF_KIND.items() if topic in topics]
