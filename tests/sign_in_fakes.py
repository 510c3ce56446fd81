"""Google and GitHub, as far as signing in with them goes: their addresses, their forms of answers, their refusals.

with others() as fake:
    fake.url                      # for GOOGLE_BASE_URL and GITHUB_BASE_URL
    fake.person = {...}           # who is signed in there
    fake.forget_codes()           # as after ten minutes
"""

from __future__ import annotations

import base64
import hashlib
import json
import secrets
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import jwt

CLIENT = {"client_id": "our-client", "client_secret": "our-secret"}
AUTHORIZE = ("/o/oauth2/v2/auth", "/login/oauth/authorize")
TOKEN = ("/token", "/login/oauth/access_token")


class Others(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.url = f"http://127.0.0.1:{self.server_port}"
        self.person: dict[str, Any] = {"id": 1, "email": "noa@example.com", "verified": True, "name": "Noa Levi"}
        self.codes: dict[str, dict[str, str]] = {}
        self.tokens: set[str] = set()

    def forget_codes(self) -> None:
        self.codes.clear()


class _Handler(BaseHTTPRequestHandler):
    server: Others

    def log_message(self, *_: Any) -> None:
        """Quiet."""

    def do_GET(self) -> None:
        path, asked = urlsplit(self.path).path, {key: value[0] for key, value in parse_qs(urlsplit(self.path).query).items()}
        if path in AUTHORIZE:
            return self._consent(asked)
        if self.headers.get("Authorization", "").split(" ")[-1] not in self.server.tokens:
            return self._json({"message": "Bad credentials"}, 401)
        person = self.server.person
        if path == "/api/v3/user":
            return self._json({"id": person["id"], "login": "noa", "name": person["name"], "email": None})
        if path == "/api/v3/user/emails":
            rest = {"email": "old@example.net", "primary": False, "verified": False}
            return self._json([rest, {"email": person["email"], "primary": True, "verified": person["verified"]}])
        return self._json({}, 404)

    def _consent(self, asked: dict[str, str]) -> None:
        """The page that asks: Allow, or Cancel."""
        assert asked["client_id"] == CLIENT["client_id"]
        code = secrets.token_urlsafe(8)
        self.server.codes[code] = asked
        back, state = asked["redirect_uri"], asked["state"]
        allow, cancel = urlencode({"code": code, "state": state}), urlencode({"error": "access_denied", "state": state})
        page = f'<!doctype html><h1>Allow?</h1><a href="{back}?{allow}">Allow</a> <a href="{back}?{cancel}">Cancel</a>'
        self._send(page.encode(), "text/html")

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        sent = {key: value[0] for key, value in parse_qs(body).items()}
        asked = self.server.codes.pop(sent.get("code", ""), None)
        path = urlsplit(self.path).path
        if path not in TOKEN or asked is None or not self._proved(asked, sent):
            return self._json({"error": "invalid_grant"}, 400)
        token = secrets.token_urlsafe(8)
        self.server.tokens.add(token)
        answer = {"access_token": token, "token_type": "bearer", "expires_in": 3600}
        return self._json(answer | ({"id_token": self._id_token()} if path == "/token" else {}))

    def _proved(self, asked: dict[str, str], sent: dict[str, str]) -> bool:
        digest = hashlib.sha256(sent.get("code_verifier", "").encode()).digest()
        challenge = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
        right_client = all(sent.get(key) == value for key, value in CLIENT.items())
        return right_client and sent["redirect_uri"] == asked["redirect_uri"] and challenge == asked["code_challenge"]

    def _id_token(self) -> str:
        person, now = self.server.person, int(time.time())
        claims = {"iss": self.server.url, "aud": CLIENT["client_id"], "iat": now, "exp": now + 600, "sub": str(person["id"])}
        first, _, last = person["name"].partition(" ")
        claims |= {"email": person["email"], "email_verified": person["verified"], "given_name": first, "family_name": last}
        return jwt.encode(claims, "nobody looks at it on the way straight from the server", algorithm="HS256")

    def _json(self, value: Any, status: int = 200) -> None:
        self._send(json.dumps(value).encode(), "application/json", status)

    def _send(self, body: bytes, kind: str, status: int = 200) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


@contextmanager
def others() -> Iterator[Others]:
    server = Others()
    thread = threading.Thread(target=server.serve_forever, name="other-accounts")
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
