"""The demo's servers end with the demo, even when somebody kills it."""

import os
import subprocess
import sys

import psutil

from farmlink.demo.wire import free_port
from farmlink.store.store import Store

DEMO = """
import sys, threading
from farmlink.demo.wire import serving
with serving(int(sys.argv[1])) as server:
    print(server.pid, flush=True)
    threading.Event().wait()
"""


def test_the_server_of_a_demo_that_is_killed_ends_too(store: Store) -> None:
    port, url = free_port(), store.engine.url.render_as_string(hide_password=False)
    environment = {**os.environ, "FARMLINK_DATABASE_URL": url}
    with subprocess.Popen([sys.executable, "-c", DEMO, str(port)], env=environment, stdout=subprocess.PIPE) as demo:
        assert demo.stdout is not None
        server = psutil.Process(int(demo.stdout.readline()))
        demo.kill()

        server.wait(timeout=30)
    assert not server.is_running()
