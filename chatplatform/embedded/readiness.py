"""Asking the web process whether everything that it needs is there."""

from __future__ import annotations

import json
import socket
from dataclasses import dataclass

from chatplatform.embedded.ports import in_url, reachable

_TIMEOUT_SECONDS = 3.0


@dataclass(frozen=True, slots=True)
class Answer:
    """What `/readyz` said. `missing` names what is not there yet."""

    ready: bool
    missing: tuple[str, ...]


def ask_readyz(host: str, port: int, host_header: str) -> Answer:
    """One request. Never raises: no answer means that `web` is missing."""
    try:
        status, body = _get(reachable(host), port, "/readyz", host_header)
    except (OSError, ValueError, IndexError):
        return Answer(False, ("web",))
    return Answer(status == 200, () if status == 200 else _missing(body) or (f"web (HTTP {status})",))


def is_alive(host: str, port: int, host_header: str) -> bool:
    """Whether `/healthz` answers. Never raises."""
    try:
        return _get(reachable(host), port, "/healthz", host_header)[0] == 200
    except (OSError, ValueError, IndexError):
        return False


def host_header_for(host: str, port: int, allowed_hosts: str) -> str:
    """A name under which the web process answers: the first that ALLOWED_HOSTS permits, else the address itself."""
    names = [name.strip().lstrip(".") for name in allowed_hosts.split(",")]
    usable = [name for name in names if name and name != "*"]
    return f"{usable[0] if usable else in_url(reachable(host))}:{port}"


def _missing(body: bytes) -> tuple[str, ...]:
    try:
        data = json.loads(body)
    except ValueError:
        return ()
    return tuple(_unwell(data)) if isinstance(data, dict) else ()


def _unwell(entries: dict[str, object]) -> list[str]:
    names: list[str] = []
    for name, entry in entries.items():
        if isinstance(entry, dict) and "status" not in entry and "ok" not in entry:
            names += _unwell(entry)
            continue
        state = entry.get("status", entry.get("ok")) if isinstance(entry, dict) else entry
        if name != "status" and state not in ("ok", True):
            names.append(name)
    return names


def _get(host: str, port: int, path: str, host_header: str) -> tuple[int, bytes]:
    """HTTP/1.0, so that the end of the connection is the end of the answer."""
    request = f"GET {path} HTTP/1.0\r\nHost: {host_header}\r\nAccept: application/json\r\nConnection: close\r\n\r\n"
    answer = b""
    with socket.create_connection((host, port), timeout=_TIMEOUT_SECONDS) as connection:
        connection.sendall(request.encode("ascii"))
        while part := connection.recv(65_536):
            answer += part
    head, _, body = answer.partition(b"\r\n\r\n")
    return int(head.split(b" ", 2)[1]), body
