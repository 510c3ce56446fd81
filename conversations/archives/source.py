"""The file that somebody brought: a ZIP or bare JSON, told apart by its first bytes. Gives chunks of text, and never unpacks to disk."""

from __future__ import annotations

import codecs
import io
import re
import stat
import zipfile
import zlib
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from conversations.archives import refusals
from conversations.archives.limits import LIMITS, Limits

CHUNK = 128 * 1024
_ZIP = (b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08")
# ChatGPT: one conversations.json, since early 2026 conversations-000.json and so on; Claude: conversations.json.
_CONVERSATIONS = re.compile(r"conversations([-_]\d+)?\.json", re.IGNORECASE)
_SIDE_FILES = re.compile(r"(user|users|projects|memories|message_feedback|model_comparisons|shared_conversations)\.json", re.IGNORECASE)
_MOST_OTHER_FILES = 20
_BOMS = ((codecs.BOM_UTF8, ""), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))


@dataclass(frozen=True, slots=True)
class Part:
    """One text of the archive. `size` is what it says of itself, unpacked; `member` None: the file itself."""

    size: int
    member: zipfile.ZipInfo | None = None


class Source:
    """An open archive. `parts` in the order in which they are read."""

    def __init__(self, file: io.BufferedReader, parts: tuple[Part, ...], packed: zipfile.ZipFile | None, limits: Limits) -> None:
        self.parts = parts
        self._file = file
        self._packed = packed
        self._limits = limits

    def chunks(self, part: Part) -> Iterator[bytes]:
        """The part's text in UTF-8, without a byte order mark. Raises `ArchiveRefused` when the packed data is damaged."""
        return _as_utf8(self._raw(part))

    def _raw(self, part: Part) -> Iterator[bytes]:
        if part.member is None or self._packed is None:
            self._file.seek(0)
            while chunk := self._file.read(CHUNK):
                yield chunk
            return
        try:
            with self._packed.open(part.member) as text:
                while chunk := text.read(CHUNK):
                    yield chunk
        # ValueError: a name of its own before the data that is not the text it says it is (UnicodeDecodeError). OSError: an offset
        # that leads out of the file. A refusal of the guard is neither, and passes.
        except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, ValueError, OSError) as error:
            raise refusals.damaged() from error


@contextmanager
def open_source(path: Path, limits: Limits = LIMITS) -> Iterator[Source]:
    """The archive at this path. Raises `ArchiveRefused` with one clear line, before anything of it is unpacked."""
    with path.open("rb") as file:
        head = file.read(4096)
        if head[:4] in _ZIP:
            with _open_zip(file, limits) as packed:
                yield Source(file, _zip_parts(packed, limits), packed, limits)
            return
        size = path.stat().st_size
        _check_text(head)
        if size > limits.text:
            raise refusals.too_much_text(size, limits.text)
        yield Source(file, (Part(size),), None, limits)


def _check_text(head: bytes) -> None:
    if not head:
        raise refusals.empty_file()
    text = head.decode("utf-16", "ignore") if head[:2] in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE) else head.decode("utf-8", "ignore")
    text = text.lstrip("\ufeff \t\r\n")
    if text[:1] == "<":
        raise refusals.web_page()
    if text[:1] not in ("[", "{"):
        raise refusals.not_an_archive()


def _open_zip(file: io.BufferedReader, limits: Limits) -> zipfile.ZipFile:
    try:
        # The guard lends its file out: closing the ZIP leaves the file open.
        return zipfile.ZipFile(_Guarded(file, limits.directory))
    except (zipfile.BadZipFile, NotImplementedError, ValueError, OSError) as error:
        raise refusals.damaged() from error


class _Guarded(io.RawIOBase):
    """`zipfile` reads a table of contents whole, of whatever length the file says: this refuses what is too long."""

    def __init__(self, file: io.BufferedReader, longest_read: int) -> None:
        self._file = file
        self._longest_read = longest_read

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        return self._file.seek(offset, whence)

    def tell(self) -> int:
        return self._file.tell()

    def read(self, size: int = -1) -> bytes:
        if size > self._longest_read:
            raise refusals.too_many_files(LIMITS.members)
        return self._file.read(size if size >= 0 else self._longest_read)


def _zip_parts(packed: zipfile.ZipFile, limits: Limits) -> tuple[Part, ...]:
    # Not by `is_dir()`, which fails for a member without a name.
    members = [member for member in packed.infolist() if not member.filename.endswith("/")]
    if len(members) > limits.members:
        raise refusals.too_many_files(limits.members)
    if any(_odd(member) for member in members):
        raise refusals.odd_names()
    chosen = _with_conversations(members)
    if not chosen:
        raise (
            refusals.packed_twice()
            if any(_name(member).suffix.lower() == ".zip" for member in members)
            else refusals.no_conversations_file()
        )
    names = Counter(str(_name(member)).casefold() for member in chosen)
    if max(names.values()) > 1:
        raise refusals.double_names()
    _check_packing(chosen, limits)
    return tuple(Part(member.file_size, member) for member in sorted(chosen, key=lambda member: str(_name(member)).casefold()))


def _with_conversations(members: list[zipfile.ZipInfo]) -> list[zipfile.ZipInfo]:
    """Those with the names that exports give; else any JSON that could hold conversations (which its content decides)."""
    plain = [member for member in members if "__MACOSX" not in _name(member).parts and not _name(member).name.startswith(".")]
    named = [member for member in plain if _CONVERSATIONS.fullmatch(_name(member).name)]
    if named:
        return named
    others = [member for member in plain if _name(member).suffix.lower() == ".json" and not _SIDE_FILES.fullmatch(_name(member).name)]
    return others if len(others) <= _MOST_OTHER_FILES else []


def _check_packing(chosen: list[zipfile.ZipInfo], limits: Limits) -> None:
    """By what the table of contents says; while reading, `zipfile` stops at these sizes and finds what does not fit them."""
    if any(member.flag_bits & 0x1 for member in chosen):
        raise refusals.encrypted()
    # Others unpack without a bound on the memory of one step.
    if any(member.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED) for member in chosen):
        raise refusals.unknown_packing()
    size = sum(member.file_size for member in chosen)
    for member in chosen:
        if member.file_size > limits.ratio_counts_from and member.file_size > limits.ratio * max(member.compress_size, 1):
            raise refusals.bomb()
    if size > limits.text:
        raise refusals.too_much_text(size, limits.text)


def _name(member: zipfile.ZipInfo) -> PurePosixPath:
    return PurePosixPath(member.filename.replace("\\", "/"))


def _odd(member: zipfile.ZipInfo) -> bool:
    """A name that would lead out of a folder, or a link: harmless here, where nothing is unpacked, but nothing that an export holds."""
    name = member.orig_filename.replace("\\", "/")
    linked = member.create_system == 3 and stat.S_ISLNK(member.external_attr >> 16)
    return linked or name.startswith("/") or name[1:2] == ":" or "\x00" in name or ".." in name.split("/")


def _as_utf8(chunks: Iterator[bytes]) -> Iterator[bytes]:
    first = next(chunks, b"")
    mark, encoding = next((bom for bom in _BOMS if first.startswith(bom[0])), (b"", ""))
    first = first.removeprefix(mark)
    if not encoding:
        yield first
        yield from chunks
        return
    decoder = codecs.getincrementaldecoder(encoding)("replace")
    yield decoder.decode(first).encode("utf-8", "replace")
    for chunk in chunks:
        yield decoder.decode(chunk).encode("utf-8", "replace")
    yield decoder.decode(b"", final=True).encode("utf-8", "replace")
