"""Real Chromium at a real server; the API's own fixture serves it."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, sync_playwright

from tests.api.conftest import api

__all__ = ["api"]
CHROMIUM = "/usr/bin/chromium"


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """Debian's browser; one for all tests."""
    with sync_playwright() as playwright:
        arguments = ["--no-sandbox"] if os.geteuid() == 0 else []
        with playwright.chromium.launch(executable_path=CHROMIUM, args=arguments) as browser:
            yield browser


class Reader:
    """Somebody at a screen; whatever the browser complains about is kept."""

    def __init__(self, context: BrowserContext, address: str) -> None:
        self.page: Page = context.new_page()
        self.address = address
        self.complaints: list[str] = []
        self.strangers: list[str] = []
        self.page.on("console", self._listen)
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on("request", lambda asked: self._note(asked.url))

    def open(self, path: str) -> Page:
        self.page.goto(self.address + path)
        return self.page

    def show(self, name: str) -> None:
        """Keep a picture where FARMLINK_SHOTS says."""
        if folder := os.environ.get("FARMLINK_SHOTS"):
            self.page.screenshot(path=str(Path(folder) / f"{name}.png"))

    def wider_than_the_screen(self) -> bool:
        return bool(self.page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth"))

    def _listen(self, said: ConsoleMessage) -> None:
        if said.type in {"error", "warning"}:
            self.complaints.append(said.text)

    def _note(self, url: str) -> None:
        if not url.startswith((self.address, "data:")):
            self.strangers.append(url)
