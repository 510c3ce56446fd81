"""Somebody with a browser: cookies, forms, fragments."""

from __future__ import annotations

from dataclasses import dataclass, field
from types import TracebackType
from typing import Self
from uuid import UUID, uuid4

import aiohttp
from yarl import URL

PASSWORD = "a long enough password"


@dataclass(frozen=True)
class Answered:
    """What the server answered."""

    status: int
    text: str
    url: str
    headers: dict[str, str] = field(default_factory=dict, repr=False)

    @property
    def revision(self) -> int:
        return int(self.headers.get("x-revision", 0))


class Person:
    """Speaks to the product over HTTP as a page does. One session; `again()` is the same person on another device."""

    def __init__(self, url: str, email: str = "") -> None:
        self.url = url
        self.email = email or f"{uuid4().hex}@example.com"
        self._jar = aiohttp.CookieJar(unsafe=True)  # cookies of an address without a name
        self._http = aiohttp.ClientSession(cookie_jar=self._jar, timeout=aiohttp.ClientTimeout(total=60))

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        await self._http.close()

    @property
    def cookies(self) -> dict[str, str]:
        return {cookie.key: cookie.value for cookie in self._jar}

    async def sign_up(self) -> Self:
        await self.get("/accounts/signup/", htmx=False)
        answer = await self.post("/accounts/signup/", {"email": self.email, "password1": PASSWORD}, htmx=False)
        assert answer.url.endswith("/c/"), answer.text
        return self

    async def with_session(self, key: str) -> Self:
        """Somebody whose session was made elsewhere."""
        self._jar.update_cookies({"sessionid": key}, URL(self.url))
        assert (await self.get("/c/", htmx=False)).url.endswith("/c/")
        return self

    async def again(self) -> Person:
        """A second session of the same account."""
        other = Person(self.url, self.email)
        await other.get("/accounts/login/", htmx=False)
        answer = await other.post("/accounts/login/", {"login": self.email, "password": PASSWORD}, htmx=False)
        assert answer.url.endswith("/c/"), answer.text
        return other

    async def get(self, path: str, *, htmx: bool = True) -> Answered:
        return await self._ask("GET", path, {"HX-Request": "true"} if htmx else {}, None)

    async def post(self, path: str, fields: dict[str, str] | None = None, *, htmx: bool = True) -> Answered:
        headers = {"X-CSRFToken": self.cookies.get("csrftoken", ""), "Origin": self.url, **({"HX-Request": "true"} if htmx else {})}
        return await self._ask("POST", path, headers, fields or {})

    async def ask(self, text: str, conversation: str = "", *, model: str = "scripted:scripted", key: UUID | None = None) -> Answered:
        """Send as the composer does. Into a new conversation when none is named."""
        fields = {"text": text, "client_key": str(key or uuid4()), "model": model}
        return await self.post(f"/c/{conversation}/" if conversation else "/c/", fields)

    async def begin(self, text: str, *, model: str = "scripted:scripted") -> str:
        """A new conversation with this question; its id."""
        answer = await self.ask(text, model=model)
        assert answer.status == 200, answer
        return answer.headers["hx-push-url"].split("/")[2]

    async def _ask(self, method: str, path: str, headers: dict[str, str], fields: dict[str, str] | None) -> Answered:
        """Raises `ConnectionError` when there is no server, or none any more."""
        try:
            async with self._http.request(method, self.url + path, data=fields, headers=headers) as response:
                return Answered(
                    response.status,
                    await response.text(errors="strict"),
                    str(response.url),
                    {name.lower(): value for name, value in response.headers.items()},
                )
        except aiohttp.ClientError as error:
            raise ConnectionError(repr(error)) from error
