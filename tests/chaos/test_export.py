"""The worker ends without a word while it puts somebody's data together: another one begins anew, and the file is whole."""

from __future__ import annotations

import asyncio
import zipfile

import pytest

from tests.chaos.conftest import House
from tests.chaos.test_chaos import eventually
from tests.page import Person
from tests.page.person import PASSWORD

pytestmark = [pytest.mark.chaos, pytest.mark.xdist_group("chaos")]
CONVERSATIONS = 1500


async def test_the_worker_is_killed_while_it_writes_an_export(house: House, person: Person) -> None:
    stack = house.stack
    await asyncio.to_thread(stack.manage, "seed_demo", "--email", person.email, "--conversations", str(CONVERSATIONS), "--messages", "2")
    await person.post("/accounts/reauthenticate/", {"password": PASSWORD}, htmx=False)
    answer = await person.post("/settings/data/export/", htmx=False)
    assert answer.url.endswith("/settings/data/"), answer.text

    def export() -> tuple[str, int, int, str]:
        with stack.database() as database:
            row = database.execute(
                "SELECT e.state, e.done, e.attempts, e.id::text FROM accounts_dataexport e JOIN accounts_user u ON u.id = e.user_id "
                "WHERE u.email = %s",
                [person.email],
            ).fetchone()
        assert row is not None
        state, done, attempts, key = row
        return str(state), int(str(done)), int(str(attempts)), str(key)

    await eventually(lambda: 0 < export()[1] < CONVERSATIONS, "the export to be on its way")
    stack.kill("worker")
    assert export()[0] == "running"
    with stack.database() as database:  # what would only be waiting: half a minute of silence
        database.execute("UPDATE accounts_dataexport SET heartbeat_at = heartbeat_at - interval '30 seconds'")
    await asyncio.to_thread(stack.start_process, "worker")
    seconds = await eventually(lambda: export()[0] == "ready", "the export to be whole", 180)
    print(f"ready {seconds:.0f} s after another worker had started")
    assert export()[2] == 2
    folder = stack.folder / "var" / "exports"
    file = folder / f"{export()[3].replace('-', '')}.zip"
    assert list(folder.iterdir()) == [file], "nothing unfinished lies about"
    with zipfile.ZipFile(file) as archive:
        assert archive.testzip() is None
        assert sum(name.startswith("conversations/") for name in archive.namelist()) == CONVERSATIONS
