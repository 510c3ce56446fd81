"""The files that `bin/run` reads and keeps: `.env`, Procfile, VAR_DIR, notes of earlier runs, the stamp."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from chatplatform.embedded.dotenv import parse, with_dotenv
from chatplatform.embedded.errors import ConfigurationError, StartError
from chatplatform.embedded.fingerprint import fingerprint, is_current
from chatplatform.embedded.postgres import Postgres, open_postgres, socket_folder
from chatplatform.embedded.process_table import Recorded, birth, end_all, working_directory
from chatplatform.embedded.procfile import read_procfile
from chatplatform.embedded.server_user import ServerUser, find_server_user
from chatplatform.embedded.state import Lock, State, clear_state, read_state, write_state
from chatplatform.embedded.var_dir import VarDir, first_closed_parent, kept_secret


def test_dotenv_understands_what_people_write() -> None:
    text = """
    # a comment
    PLAIN=value
    export EXPORTED = spaced
    EMPTY=
    HASH=a#b # a remark
    SINGLE='as $it is # here'  # a remark
    DOUBLE="two\\nlines \\"quoted\\" \\$"
    """
    assert parse(text) == {
        "PLAIN": "value",
        "EXPORTED": "spaced",
        "EMPTY": "",
        "HASH": "a#b",
        "SINGLE": "as $it is # here",
        "DOUBLE": 'two\nlines "quoted" \\$',
    }


@pytest.mark.parametrize("line", ["just words", "1NAME=x", "A='open", 'A="open'])
def test_dotenv_names_the_line_it_does_not_understand(line: str) -> None:
    with pytest.raises(ConfigurationError, match=r"\.env, line 2"):
        parse(f"GOOD=1\n{line}")


def test_the_real_environment_wins_even_when_it_is_empty(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("A=file\nB=file\nC=file\n")
    assert with_dotenv(tmp_path / ".env", {"A": "real", "B": ""}) == {"A": "real", "B": "", "C": "file"}
    assert with_dotenv(tmp_path / "none", {"A": "real"}) == {"A": "real"}


def test_an_unreadable_dotenv_is_said(tmp_path: Path) -> None:
    (tmp_path / ".env").write_bytes(b"A=\xff\xfe")
    with pytest.raises(ConfigurationError, match="cannot be read"):
        with_dotenv(tmp_path / ".env", {})


def test_the_procfile_of_the_product_names_every_process() -> None:
    processes = read_procfile(Path(__file__).resolve().parents[2] / "Procfile")
    assert list(processes) == ["web", "generations", "worker", "beat", "localmodel"]


@pytest.mark.parametrize("text", ["web", "web:", "web: a\nweb: b"])
def test_a_wrong_procfile_is_said(tmp_path: Path, text: str) -> None:
    (tmp_path / "Procfile").write_text(text)
    with pytest.raises(StartError, match="Procfile, line"):
        read_procfile(tmp_path / "Procfile")


def test_no_procfile_is_said(tmp_path: Path) -> None:
    with pytest.raises(StartError, match="cannot be read"):
        read_procfile(tmp_path / "Procfile")


def test_a_secret_is_made_once_and_for_its_owner_only(tmp_path: Path) -> None:
    secret = kept_secret(tmp_path / "key").read_text()
    assert len(secret) >= 50
    assert kept_secret(tmp_path / "key").read_text() == secret
    assert stat.S_IMODE((tmp_path / "key").stat().st_mode) == 0o600


def test_a_var_dir_that_cannot_be_made_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(StartError, match="VAR_DIR: cannot be made"):
        VarDir(tmp_path / "file" / "var").create()


def test_as_root_a_private_parent_is_never_opened() -> None:
    with tempfile.TemporaryDirectory() as private:
        home = Path(private).resolve()
        assert first_closed_parent(home / "project" / "var") == home
        with pytest.raises(StartError, match=f"^VAR_DIR: .* lies inside {home}, which is private"):
            find_server_user(VarDir(home / "project" / "var"))
        assert stat.S_IMODE(home.stat().st_mode) == 0o700


def test_programs_in_a_private_folder_are_copied_to_where_the_servers_user_can_read_them() -> None:
    with tempfile.TemporaryDirectory() as private, tempfile.TemporaryDirectory() as open_to_all:
        beside = Path(open_to_all) / "programs"
        programs = Path(private) / "package" / "pginstall" / "bin"
        programs.mkdir(parents=True)
        (programs / "postgres").write_text("#!/bin/sh\n")
        (programs / "postgres").chmod(0o700)
        (programs.parents[1].with_name("package.libs")).mkdir()
        user = ServerUser((os.geteuid(), os.getegid()))
        for _ in range(2):
            copy = user.reachable_copy(Path(private) / "package", beside)
            assert copy == beside / "package"
            assert stat.S_IMODE((copy / "pginstall" / "bin" / "postgres").stat().st_mode) == 0o755
        assert (beside / "package.libs").is_dir()


def test_data_of_another_version_is_left_alone_and_said() -> None:
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)
        var = VarDir(Path(folder) / "var")
        var.create()
        (var.postgres / "data").mkdir(parents=True)
        (var.postgres / "data" / "PG_VERSION").write_text("9\n")
        with pytest.raises(StartError, match=r"was made by version 9, installed is 1\d; dump it"):
            open_postgres(var)


def test_a_socket_path_that_is_too_long_gets_a_short_private_folder(tmp_path: Path) -> None:
    long = tmp_path / ("x" * 100)
    long.mkdir()
    short = socket_folder(long, None)
    assert len(str(short)) < 80
    assert stat.S_IMODE(short.stat().st_mode) == 0o700
    assert socket_folder(long, None) == short
    short.chmod(0o755)
    with pytest.raises(StartError, match="belongs to somebody else"):
        socket_folder(long, None)
    short.rmdir()


def test_a_container_becomes_a_process_of_the_procfile_or_a_command_of_django() -> None:
    line = [sys.executable, "-m", "chatplatform.embedded.process", "version"]
    root = Path(__file__).resolve().parents[2]
    assert subprocess.run(line, cwd=root, capture_output=True, text=True, check=True).stdout.startswith("5.2")


def test_the_notes_of_a_run_come_back_as_they_were(tmp_path: Path) -> None:
    state = State("bin/run", 7, "http://x", {"A": "b"}, True, (Recorded("web", 8, "boot:9"),))
    write_state(tmp_path, state)
    assert read_state(tmp_path) == state
    clear_state(tmp_path)
    assert read_state(tmp_path) is None
    (tmp_path / "state.json").write_text('{"half":')
    assert read_state(tmp_path) is None


def test_a_lock_has_one_holder(tmp_path: Path) -> None:
    first, second = Lock(tmp_path / "lock"), Lock(tmp_path / "lock")
    assert first.try_exclusive()
    assert not second.try_exclusive()
    first.release()
    assert second.try_exclusive()


def test_only_the_recorded_process_is_ended_not_another_with_its_number() -> None:
    with subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"]) as process:
        born = birth(process.pid)
        assert born
        assert end_all([Recorded("x", process.pid, "another birth")], grace_seconds=5) == []
        assert process.poll() is None
        assert [ended.name for ended in end_all([Recorded("x", process.pid, born)], grace_seconds=5)] == ["x"]
        process.wait()
    assert birth(process.pid) is None
    assert working_directory(process.pid) is None


def test_preparing_is_left_out_only_while_code_settings_static_files_and_tables_are_the_same(tmp_path: Path) -> None:
    class Migrated(Postgres):
        def ask(self, sql: str) -> str:
            return tables

    postgres = Migrated(tmp_path, tmp_path, tmp_path, None)
    code, static, stamp = tmp_path / "code", tmp_path / "static", tmp_path / "stamp"
    for folder in (code / "app" / "tests", static):
        folder.mkdir(parents=True)
    (code / ".env.example").write_text("#PORT=8000\n# Ids.\n#OPENAI_COMPATIBLE_MODELS=\n#SECRET_KEY=\n")
    environment: dict[str, str] = {}
    tables = "3 abc"

    def now() -> str:
        return fingerprint(code, static, postgres, environment)

    first = now()
    assert not is_current(stamp, first)
    stamp.write_text(first)
    assert is_current(stamp, now())
    (code / "app" / "tests" / "test_x.py").touch()
    assert is_current(stamp, now())
    (code / "app" / "models.py").touch()
    assert not is_current(stamp, now())
    (code / "app" / "models.py").unlink()
    assert is_current(stamp, now())
    environment |= {"PORT": "8001", "TERM": "x"}
    assert is_current(stamp, now()), "where it runs is not what it is made of"
    environment["OPENAI_COMPATIBLE_MODELS"] = "llama"
    assert not is_current(stamp, now())
    del environment["OPENAI_COMPATIBLE_MODELS"]
    secret = tmp_path / "secret"
    secret.write_text("one")
    environment["SECRET_KEY_FILE"] = str(secret)
    stamp.write_text(now())
    assert is_current(stamp, now())
    secret.write_text("two")
    assert not is_current(stamp, now())
    secret.write_text("one")
    assert is_current(stamp, now())
    tables = "4 abcd"
    assert not is_current(stamp, now())
    tables = ""  # the query failed: a new database
    assert now() == ""
