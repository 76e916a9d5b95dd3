"""Calls to the merchant: made from a thread of their own, twice or out of order as the faults will."""

from __future__ import annotations

import logging
import queue
import threading
from urllib.error import URLError
from urllib.request import Request, urlopen

from farmlink.demo.provider.faults import Faults
from farmlink.demo.provider.spoken import Call

LOG = logging.getLogger(__name__)
TOGETHER_S = 0.05
"""Calls that come so soon after each other wait for each other, and may change places."""
PATIENCE_S = 10


class Caller(threading.Thread):
    """Makes calls, remembers them, and can make all of them again."""

    def __init__(self, faults: Faults) -> None:
        super().__init__(daemon=True)
        self._faults = faults
        self._waiting: queue.Queue[Call] = queue.Queue()
        self.made: list[Call] = []

    def put(self, call: Call) -> None:
        """Have a call made soon; where no address was given, nobody is called."""
        if call.address:
            self._waiting.put(call)

    def repeat(self) -> int:
        """Wait until the calls so far are made, then make all of them once more, the newest first; how many."""
        self._waiting.join()
        again = list(reversed(self.made))
        for call in again:
            _make(call)
        return len(again)

    def run(self) -> None:
        """Make calls for ever."""
        while True:
            calls = [self._waiting.get()]
            try:
                while True:
                    calls.append(self._waiting.get(timeout=TOGETHER_S))
            except queue.Empty:
                pass
            self.made += calls
            for call in self._faults.ordered(calls):
                _make(call)
            for _ in calls:
                self._waiting.task_done()


def _make(call: Call) -> None:
    request = Request(call.address, call.body.encode(), dict(call.headers), method="POST")  # noqa: S310  # the merchant's own address, of a stand-in
    try:
        with urlopen(request, timeout=PATIENCE_S) as answer:  # noqa: S310  # as above
            answer.read()
    except (URLError, OSError) as error:
        LOG.warning("the merchant did not take a call: %s", error)
