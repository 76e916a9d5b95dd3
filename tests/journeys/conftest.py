"""Real Chromium at a real server; the API's own fixture serves it."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, sync_playwright

from tests.api.conftest import Api, api, served

__all__ = ["api", "served"]
SCREENS = [("en", "light", 360), ("en", "dark", 1440), ("zh-CN", "light", 1440), ("zh-CN", "dark", 360)]
"""Language, colours and width: every value of each, on four screens."""


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """Debian's browser; one for all tests."""
    with sync_playwright() as playwright:
        arguments = ["--no-sandbox"] if os.geteuid() == 0 else []
        with playwright.chromium.launch(executable_path=shutil.which("chromium"), args=arguments) as browser:
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

    def tab_to(self, name: str) -> None:
        """Press the tab key until the field, button or link of this name or text has the focus."""
        said = "document.activeElement.name || document.activeElement.textContent.trim()"
        for _ in range(40):
            self.page.keyboard.press("Tab")
            if self.page.evaluate(said) == name:
                return
        pytest.fail(f"no tab leads to {name}")

    def wider_than_the_screen(self) -> bool:
        return bool(self.page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth"))

    def _listen(self, said: ConsoleMessage) -> None:
        if said.type in {"error", "warning"}:
            self.complaints.append(said.text)

    def _note(self, url: str) -> None:
        if not url.startswith((self.address, "data:")):
            self.strangers.append(url)


class Readers:
    """People at screens of every kind."""

    def __init__(self, chromium: Browser, api: Api, opened: ExitStack) -> None:
        self.chromium, self.api, self.opened = chromium, api, opened

    def at(self, language: str, colours: str, width: int) -> Reader:
        context = self.opened.enter_context(
            self.chromium.new_context(
                locale=language,
                color_scheme="dark" if colours == "dark" else "light",
                viewport={"width": width, "height": 900},
            )
        )
        return Reader(context, self.api.address)


@pytest.fixture
def readers(chromium: Browser, api: Api) -> Iterator[Readers]:
    with ExitStack() as opened:
        yield Readers(chromium, api, opened)
