"""Google and GitHub, as far as signing in with them goes: their addresses, their forms of answers, their refusals.

with others() as fake:
    fake.url                      # for GOOGLE_BASE_URL and GITHUB_BASE_URL
    fake.person = {...}           # who is signed in there
    fake.claims = {"aud": "x"}    # what Google's ID tokens say otherwise than they should
    fake.forget_codes()           # as after ten minutes

`Oidc` is the third: `oidc-provider-mock`, as a test speaks to it. `changed` puts its hand into the way back from all three.
"""

from __future__ import annotations

import base64
import hashlib
import json
import logging
import re
import secrets
import threading
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import jwt
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from playwright.sync_api import Page, Route

CLIENT = {"client_id": "our-client", "client_secret": "our-secret"}
AUTHORIZE = ("/o/oauth2/v2/auth", "/login/oauth/authorize")
TOKEN = ("/token", "/login/oauth/access_token")
# In the words of oidc-provider-mock, which logs its own refusals: a test reads in one place that a code was sent and refused.
REFUSED = "token endpoint error invalid_grant"
Sent = dict[str, str]
_WAY_BACK = re.compile(r"^[^?]*(/login/callback/|/oauth2/authorize)\?")
log = logging.getLogger(__name__)


class Oidc:
    """`oidc-provider-mock`: asks for a subject, and says about it what was stored before."""

    def __init__(self, port: int) -> None:
        self.url = f"http://localhost:{port}"
        self.subject = ""

    def knows(self, subject: str, **claims: object) -> None:
        self.subject = subject
        body = json.dumps({"name": "Noa Levi", "email_verified": True, **claims}).encode()
        headers = {"Content-Type": "application/json"}
        urllib.request.urlopen(urllib.request.Request(f"{self.url}/users/{subject}", body, headers, method="PUT")).close()


class Others(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.url = f"http://127.0.0.1:{self.server_port}"
        self.person: dict[str, Any] = {"id": 1, "email": "noa@example.com", "verified": True, "name": "Noa Levi"}
        self.codes: dict[str, dict[str, str]] = {}
        self.tokens: set[str] = set()
        self.claims: dict[str, Any] = {}
        self._key = new_key()
        self.certificates = {"google-1": _certificate(self._key)}

    def forget_codes(self) -> None:
        self.codes.clear()

    def id_token(self, key: rsa.RSAPrivateKey | None = None) -> str:
        """What Google says about `person`, in its form: RS256, by a key whose certificate is at `/oauth2/v1/certs`.

        From the token endpoint allauth takes it without a look at the signature: it has asked that server itself, over TLS,
        and OpenID Connect Core 1.0 (section 3.1.3.7, item 6) allows just that. One that a browser brings is verified.
        """
        person, now = self.person, int(time.time())
        claims = {"iss": self.url, "aud": CLIENT["client_id"], "iat": now, "exp": now + 600, "sub": str(person["id"])}
        first, _, last = person["name"].partition(" ")
        claims |= {"email": person["email"], "email_verified": person["verified"], "given_name": first, "family_name": last}
        return jwt.encode(claims | self.claims, key or self._key, algorithm="RS256", headers={"kid": "google-1"})


def new_key() -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


def _certificate(key: rsa.RSAPrivateKey) -> str:
    name, now = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "accounts.example")]), datetime.now(UTC)
    made = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key()).serial_number(1)
    made = made.not_valid_before(now - timedelta(days=1)).not_valid_after(now + timedelta(days=1))
    return made.sign(key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM).decode()


class _Handler(BaseHTTPRequestHandler):
    server: Others

    def log_message(self, *_: Any) -> None:
        """Quiet."""

    def do_GET(self) -> None:
        path, asked = urlsplit(self.path).path, query(self.path)
        if path in AUTHORIZE:
            return self._consent(asked)
        if path == "/oauth2/v1/certs":
            return self._json(self.server.certificates)
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
            return self._refuse(path)
        token = secrets.token_urlsafe(8)
        self.server.tokens.add(token)
        answer = {"access_token": token, "token_type": "bearer", "expires_in": 3600}
        return self._json(answer | ({"id_token": self.server.id_token()} if path == "/token" else {}))

    def _refuse(self, path: str) -> None:
        """GitHub says it with status 200: docs.github.com, "Troubleshooting OAuth app access token request errors"."""
        log.warning(REFUSED)
        if path == "/token":
            return self._json({"error": "invalid_grant", "error_description": "Malformed auth code."}, 400)
        return self._json({"error": "bad_verification_code", "error_description": "The code passed is incorrect or expired."})

    def _proved(self, asked: dict[str, str], sent: dict[str, str]) -> bool:
        digest = hashlib.sha256(sent.get("code_verifier", "").encode()).digest()
        challenge = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
        right_client = all(sent.get(key) == value for key, value in CLIENT.items())
        return right_client and sent["redirect_uri"] == asked["redirect_uri"] and challenge == asked["code_challenge"]

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


@contextmanager
def changed(page: Page, change: Callable[[Sent, str], Sent]) -> Iterator[list[str]]:
    """What the provider sends back by way of the browser goes through `change(sent, state_that_we_had_given)` first.

    Yields the links back as the provider had made them.
    """
    links: list[str] = []

    def pass_on(route: Route) -> None:
        asked = urlsplit(route.request.url)
        if asked.path == "/oauth2/authorize" and route.request.method == "GET":
            return route.continue_()
        # The fakes ask with links; the mock answers its own form with a redirect, whose second half no route sees.
        by_form = asked.path == "/oauth2/authorize"
        links.append(route.fetch(max_redirects=0).headers["location"] if by_form else route.request.url)
        sent = change(query(links[-1]), query(route.request.url)["state"])
        return route.fulfill(status=302, headers={"Location": f"{links[-1].partition('?')[0]}?{urlencode(sent)}"})

    page.route(_WAY_BACK, pass_on)
    yield links
    page.unroute(_WAY_BACK)


def query(url: str) -> Sent:
    return {key: value[0] for key, value in parse_qs(urlsplit(url).query).items()}
