"""One product with all its processes, on servers of its own, for everything that is broken here."""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import AsyncIterator, Iterator
from contextlib import ExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.beside import Provider, provider_beside
from tests.page import Person
from tests.servers import KillableServers, Server
from tests.stack import Stack

ENVIRONMENT = {
    "SCRIPTED_MODEL": "on",
    "DEFAULT_MODEL": "scripted:scripted",
    "ANTHROPIC_API_KEY": "not-a-key",
    "PROVIDERS_NETWORK": "forbid",
}


@dataclass(frozen=True)
class House:
    """The product, the servers below it, the provider beside it."""

    stack: Stack
    servers: KillableServers
    provider: Provider

    def books_are_right(self) -> None:
        """Every counter follows from the ledger, and nothing is held for what has ended."""
        self.stack.manage("audit_ledger")  # raises unless it exits with 0
        with self.stack.database() as database:
            left = database.execute(
                "SELECT h.key, g.state FROM usage_hold h JOIN conversations_generation g ON h.key = 'generation:' || g.id "
                "WHERE h.state = 'held' AND g.state NOT IN ('queued', 'running')"
            ).fetchall()
        assert left == []

    def held(self, email: str) -> int:
        """Tokens that are held for this person now."""
        with self.stack.database() as database:
            row = database.execute(
                "SELECT coalesce(sum(p.tokens_held), 0)::int FROM usage_period p JOIN accounts_workspace w ON w.id = p.workspace_id "
                "JOIN accounts_membership m ON m.workspace_id = w.id JOIN accounts_user u ON u.id = m.user_id WHERE u.email = %s",
                [email],
            ).fetchone()
        assert row is not None
        return int(str(row[0]))

    @asynccontextmanager
    async def without(self, server: Server, *, without_data: bool = False) -> AsyncIterator[None]:
        """Kill -9 now, and start it again at the end."""
        server.kill()
        try:
            yield
        finally:
            await asyncio.to_thread(server.start, without_data=without_data)

    def written(self, message: str) -> int:
        """Characters of this message in the database."""
        with self.stack.database() as database:
            row = database.execute("SELECT length(text) FROM conversations_message WHERE id = %s", [message]).fetchone()
        assert row is not None
        return int(str(row[0]))


@pytest.fixture(scope="package")
def house() -> Iterator[House]:
    with ExitStack() as open_now:
        folder = Path(open_now.enter_context(tempfile.TemporaryDirectory(prefix="chat-chaos-")))
        folder.chmod(0o755)  # PostgreSQL may run as another user
        servers = open_now.enter_context(KillableServers(folder / "var"))
        provider = open_now.enter_context(provider_beside())
        environment = {**ENVIRONMENT, **servers.env, "ANTHROPIC_BASE_URL": provider.url}
        stack = open_now.enter_context(Stack(folder / "stack", environment, ("web", "generations", "worker", "beat")))
        yield House(stack, servers, provider)


@pytest.fixture
async def person(house: House) -> AsyncIterator[Person]:
    """Somebody new, signed in."""
    async with Person(house.stack.url) as somebody:
        yield await somebody.sign_up()
