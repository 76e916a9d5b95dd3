"""Servers and schedulers as they are started and stopped, each a process of its own."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.request import urlopen

import psycopg
import pytest
from sqlalchemy import URL

from farmlink import scheduler
from farmlink.cli import running
from farmlink.demo.fresh import MARK, OTHERS
from farmlink.store.embedded import EmbeddedServer
from tests.farmlink.cli.conftest import Run

SERVE = """
import sys
from threading import Event
from api.server import listening, start
stop = Event()
if sys.argv[2:] == ["stopped"]:
    stop.set()
with listening("127.0.0.1", int(sys.argv[1])) as door:
    start("127.0.0.1", int(sys.argv[1]), door, stop)
"""


@contextmanager
def started(url: URL, *arguments: object) -> Iterator[subprocess.Popen[str]]:
    environment = os.environ | {
        "FARMLINK_DATABASE_URL": url.render_as_string(hide_password=False),
        "LANG": "en_US.UTF-8",
        "FARMLINK_PUBLIC_URL": "",
    }
    command = [sys.executable, "-m", "farmlink.cli", *map(str, arguments)]
    with subprocess.Popen(
        command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        try:
            yield process
        finally:
            process.kill()


def line_of(stream: object) -> str:
    assert hasattr(stream, "readline")
    return str(stream.readline())


@pytest.mark.timeout(60)
def test_a_server_serves_and_ticks_until_it_is_told_to_stop(url: URL, free_port: int) -> None:
    with started(url, "serve", "--port", free_port) as server:
        assert (
            line_of(server.stdout) == f"http://127.0.0.1:{free_port}/  (API: http://127.0.0.1:{free_port}/api/docs)\n"
        )
        with urlopen(f"http://127.0.0.1:{free_port}/health", timeout=30) as answer:
            assert answer.status == 200
        server.send_signal(signal.SIGTERM)
        assert server.wait(30) == 0


@pytest.mark.timeout(90)
def test_a_server_starts_its_scheduler_again_and_takes_it_along_when_it_ends(url: URL, free_port: int) -> None:
    with started(url, "serve", "--port", free_port) as server:
        assert str(free_port) in line_of(server.stdout)
        os.kill(first := child_of(server.pid), signal.SIGKILL)
        assert line_of(server.stderr) == "the scheduler ended with code -9; it is started again\n"
        second = child_of(server.pid)
        server.send_signal(signal.SIGTERM)
        assert server.wait(30) == 0
    assert first != second
    assert not Path(f"/proc/{second}").exists()


def child_of(process_id: int) -> int:
    """The scheduler that a server started, as soon as it has."""
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline:
        for children in Path(f"/proc/{process_id}/task").glob("*/children"):
            for child in children.read_text().split():
                if b"scheduler" in Path(f"/proc/{child}/cmdline").read_bytes():  # before, it is a copy of its parent
                    return int(child)
    raise AssertionError("no child was started")


@pytest.mark.timeout(60)
def test_links_in_letters_lead_to_the_port_that_is_served(url: URL, free_port: int) -> None:
    with started(url, "serve", "--host", "0.0.0.0", "--port", free_port) as server:
        address = f"http://127.0.0.1:{free_port}"
        assert line_of(server.stdout).startswith(f"{address}/ ")
        assert line_of(server.stderr).startswith(f"Links in messages begin with {address};")
        environment = Path(f"/proc/{child_of(server.pid)}/environ").read_bytes().split(b"\0")
        assert f"FARMLINK_PUBLIC_URL={address}".encode() in environment
        server.send_signal(signal.SIGTERM)
        assert server.wait(30) == 0


@pytest.mark.parametrize("command", ["serve", "demo"])
def test_a_port_that_is_taken_is_refused_before_anything_is_promised(run: Run, command: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        code, out, err = run(command, "--port", port)
    assert (code, out) == (2, "")
    assert err == (
        f"farmlink: Nothing can be served at 127.0.0.1, port {port}: "
        "another program listens there; stop it, or choose another with --port.\n"
    )


@pytest.mark.parametrize("host", ["198.51.100.7", "no such host"])
def test_an_address_that_this_machine_has_not_is_refused(run: Run, host: str) -> None:
    code, out, err = run("serve", "--host", host)
    assert (code, out) == (2, "")
    assert "this machine has no such address; look at --host" in err


@pytest.mark.parametrize("port", ["99999", "0", "http"])
def test_a_port_that_is_none_is_refused(run: Run, port: str) -> None:
    code, out, err = run("serve", "--port", port)
    assert (code, out) == (2, "")
    assert "--port" in err


@pytest.mark.parametrize(
    ("host", "address", "here"),
    [
        ("127.0.0.1", "http://127.0.0.1:80", True),
        ("::1", "http://[::1]:80", True),
        ("::", "http://127.0.0.1:80", False),
        ("192.0.2.7", "http://192.0.2.7:80", False),
        ("localhost", "http://localhost:80", True),
        ("farm", "http://farm:80", False),
    ],
)
def test_an_address_is_said_as_a_browser_takes_it(host: str, address: str, here: bool) -> None:  # noqa: FBT001  # a case of a table
    assert (running.public_address(host, 80), running._is_here(host)) == (address, here)


@pytest.mark.timeout(60)
def test_no_demo_is_made_under_a_running_scheduler(run: Run, url: URL, embedded_server: EmbeddedServer) -> None:
    with psycopg.connect(embedded_server.cluster.conninfo(url.database or ""), autocommit=True) as server:
        server.execute(f"COMMENT ON SCHEMA public IS '{MARK}Michigan'".encode())
        with started(url, "scheduler") as busy:
            while not server.execute(OTHERS.encode()).fetchone() > (0,):  # type: ignore[operator]  # a count is one row
                assert busy.poll() is None
            code, _, err = run("demo", "--once", "--orders", "1")
            assert code == 2
            assert "Another farmlink program uses this database" in err
            busy.send_signal(signal.SIGTERM)
            assert busy.wait(30) == 0


@pytest.mark.timeout(90)
def test_nothing_is_restored_under_a_server_which_goes_on(run: Run, url: URL, free_port: int, tmp_path: Path) -> None:
    assert run("backup", tmp_path / "all.backup")[0] == 0
    with started(url, "serve", "--port", free_port) as server:
        assert str(free_port) in line_of(server.stdout)
        named = f"farmlink (process {child_of(server.pid)})"
        while named not in (refused := run("restore", tmp_path / "all.backup"))[2]:
            assert server.poll() is None
            assert refused[:2] == (2, "")
        assert refused[2].startswith("farmlink: Others use this database: farmlink (process ")
        assert refused[2].endswith("then restore again. Nothing was changed.\n")
        with urlopen(f"http://127.0.0.1:{free_port}/health", timeout=30) as answer:
            assert answer.status == 200
        server.send_signal(signal.SIGTERM)
        assert server.wait(30) == 0
    code, out, _ = run("restore", tmp_path / "all.backup")
    assert (code, out[:8]) == (0, "restored")


def test_a_scheduler_whose_work_hangs_says_so_and_ends(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    ended: list[int] = []
    monkeypatch.setattr(scheduler, "run", lambda _store, _stop: False)
    monkeypatch.setattr(os, "_exit", ended.append)
    _, _, err = run("scheduler")
    assert ended == [1]
    assert err.startswith("Work that did not end in time is left as it is")


def test_a_server_that_cannot_start_ends_with_a_code_that_says_so(free_port: int) -> None:
    done = subprocess.run(
        [sys.executable, "-c", SERVE, str(free_port)],
        env=os.environ | {"FARMLINK_DATABASE_URL": "nonsense"},
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )
    assert done.returncode == 1
    assert "FARMLINK_DATABASE_URL is wrong" in done.stderr


@pytest.mark.timeout(60)
def test_a_server_that_is_told_to_stop_before_it_listens_to_signals_ends(url: URL, free_port: int) -> None:
    done = subprocess.run(
        [sys.executable, "-c", SERVE, str(free_port), "stopped"],
        env=os.environ | {"FARMLINK_DATABASE_URL": url.render_as_string(hide_password=False)},
        capture_output=True,
        text=True,
        timeout=50,
        check=False,
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
