"""Which ports of this machine are free."""

from __future__ import annotations

import errno
import socket

from chatplatform.embedded.errors import StartError

LOOPBACK = "127.0.0.1"
_ANYWHERE = {"0.0.0.0": LOOPBACK, "::": "::1"}  # noqa: S104 - compared with, not bound to


def free_port(host: str) -> int:
    """A port on which nothing listens at this moment."""
    with _bound(host, 0) as listener:
        return int(listener.getsockname()[1])


def is_free(host: str, port: int) -> bool:
    try:
        _bound(host, port).close()
    except OSError:
        return False
    return True


def claim(host: str, port: int) -> int:
    """The port to serve on: the wanted one when it is free, any free one for 0. Raises `StartError` with one plain line."""
    try:
        with _bound(host, port) as listener:
            return int(listener.getsockname()[1])
    except socket.gaierror:
        raise StartError(f"HOST: {host!r} is not an address of this machine") from None
    except OSError as error:
        raise StartError(_refusal(host, port, error)) from None


def reachable(host: str) -> str:
    """The address under which a server bound to `host` answers on this machine."""
    return _ANYWHERE.get(host, host)


def in_url(host: str) -> str:
    return f"[{host}]" if ":" in host else host


def _refusal(host: str, port: int, error: OSError) -> str:
    if error.errno == errno.EADDRINUSE:
        return f"Port {port} on {host} is already in use; set PORT to another one (PORT=0 picks a free one)"
    if error.errno == errno.EACCES:
        return f"Port {port} may not be used by this user; set PORT to one above 1023"
    return f"HOST: cannot listen on {host}: {error.strerror}"


def _bound(host: str, port: int) -> socket.socket:
    family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)[0]
    listener = socket.socket(family, kind, protocol)
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(address)
        listener.listen(1)  # on Linux a bind alone succeeds beside a listener that also set SO_REUSEADDR on another address
    except OSError:
        listener.close()
        raise
    return listener
