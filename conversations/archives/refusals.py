"""Why an archive is refused as a whole, in words for the person who brought it."""

from __future__ import annotations

from core.exceptions import InvalidInput

_UNITS = ((1024**3, "GB"), (1024**2, "MB"), (1024, "kB"))


class ArchiveRefused(InvalidInput):
    """Nothing was imported from it. `code` is stable."""

    code = "archive_refused"


def size_words(size: int) -> str:
    """`1.5 GB`, for people."""
    for unit, name in _UNITS:
        if size >= unit:
            return f"{size / unit:.1f}".removesuffix(".0") + f" {name}"
    return f"{size} bytes"


def damaged() -> ArchiveRefused:
    return ArchiveRefused("This ZIP file is damaged or not complete. Download the export again and bring it as it is.", code="damaged")


def not_an_archive() -> ArchiveRefused:
    return ArchiveRefused("This is neither a ZIP file nor JSON. Bring the export as it was downloaded.", code="not_an_archive")


def web_page() -> ArchiveRefused:
    return ArchiveRefused(
        "This is a web page (chat.html of an export, perhaps). Bring the ZIP file, or conversations.json.", code="web_page"
    )


def empty_file() -> ArchiveRefused:
    return ArchiveRefused("This file is empty.", code="empty")


def encrypted() -> ArchiveRefused:
    return ArchiveRefused("This ZIP file is protected by a password. Unpack it and bring conversations.json.", code="encrypted")


def packed_twice() -> ArchiveRefused:
    return ArchiveRefused("This ZIP file holds another ZIP file. Unpack it and bring the one with the conversations.", code="packed_twice")


def unknown_packing() -> ArchiveRefused:
    return ArchiveRefused("This ZIP file is packed in a way that is not read here. Unpack it and bring conversations.json.", code="packing")


def odd_names() -> ArchiveRefused:
    return ArchiveRefused("This ZIP file names files outside of itself. No export does that; it is not imported.", code="odd_names")


def double_names() -> ArchiveRefused:
    return ArchiveRefused(
        "This ZIP file holds several files of the same name. No export does that; it is not imported.", code="double_names"
    )


def too_many_files(limit: int) -> ArchiveRefused:
    return ArchiveRefused(
        f"This ZIP file holds more than {limit:,} files. Unpack it and bring conversations.json alone.", code="too_many_files"
    )


def bomb() -> ArchiveRefused:
    return ArchiveRefused("This ZIP file unpacks to far more than its size. No export does that; it is not imported.", code="bomb")


def too_much_text(size: int, limit: int) -> ArchiveRefused:
    return ArchiveRefused(
        f"The conversations in it have {size_words(size)}; at most {size_words(limit)} can be imported at once.", code="too_much_text"
    )


def no_conversations_file() -> ArchiveRefused:
    return ArchiveRefused(
        "This ZIP file holds no conversations.json. Bring the export of ChatGPT or Claude as it was downloaded.",
        code="no_conversations_file",
    )


def no_conversations() -> ArchiveRefused:
    return ArchiveRefused(
        "No conversations of ChatGPT, Claude or this product were found in this file. Nothing was imported.", code="no_conversations"
    )


def newer_version() -> ArchiveRefused:
    return ArchiveRefused("This export was made by a newer version of this product, which this one does not read.", code="newer_version")


def too_many_conversations(limit: int) -> ArchiveRefused:
    return ArchiveRefused(f"This archive holds more than {limit:,} conversations. That many cannot be imported at once.", code="too_many")
