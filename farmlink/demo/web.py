"""The API server of a demo, a process that ends with it: `python -m farmlink.demo.web PORT WORKERS PARENT`."""

from __future__ import annotations

import os
import signal
import sys
import threading
import time
from typing import Final

import uvicorn

APPLICATION: Final = "api.app:app"
HERE: Final = "127.0.0.1"
LOOK_S: Final = 0.5


def main(port: int, workers: int, parent: int) -> None:
    """Serve on the loopback until told to stop, or until nobody is left who would tell."""
    threading.Thread(target=end_with, args=(parent,), daemon=True).start()
    uvicorn.run(APPLICATION, host=HERE, port=port, workers=workers, log_level="error", access_log=False)


def end_with(parent: int) -> None:
    """Tell ourselves to stop when the demo is gone: its database would be in use for ever."""
    while os.getppid() == parent:
        time.sleep(LOOK_S)
    os.kill(os.getpid(), signal.SIGTERM)


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
