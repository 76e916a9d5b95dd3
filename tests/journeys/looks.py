"""What every page is judged by in a real browser: nothing moves while it loads, and nobody is shut out."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]  # it ships no types
from playwright.sync_api import Browser, Page

from farmlink.demo.setting import PASSWORD

MOST_SHIFT = 0.02
"""Of the layout, as browsers reckon it: a fifth of what they call good."""
SHIFTED = """() => new Promise((resolve) => {
  let moved = 0;
  new PerformanceObserver((list) => {
    for (const one of list.getEntries()) if (!one.hadRecentInput) moved += one.value;
  }).observe({ type: "layout-shift", buffered: true });
  requestAnimationFrame(() => setTimeout(() => resolve(moved), 100));
})"""
WIDER = "document.documentElement.scrollWidth > document.documentElement.clientWidth"


@contextmanager
def visitor(chromium: Browser, address: str, who: str | None, width: int, *, scripts: bool = True) -> Iterator[Page]:
    """Somebody of the demo at a screen, signed in on the page."""
    context = chromium.new_context(
        viewport={"width": width, "height": 900}, java_script_enabled=scripts, base_url=address, locale="en"
    )
    page = context.new_page()
    if who:
        page.goto("/sign-in")
        page.get_by_label("E-mail").fill(f"{who}@demo.example")
        page.get_by_label("Password").fill(PASSWORD)
        page.get_by_role("button", name="Sign in").click()
        page.wait_for_url(lambda url: "/sign-in" not in url)
    yield page
    context.close()


def faults_of(page: Page, path: str) -> list[str]:
    """What is wrong with a page as it is seen; nothing is what everybody wants."""
    answer = page.goto(path)
    found = [] if answer is not None and answer.ok else [f"answers {answer.status if answer else 'nothing'}"]
    if page.locator("h1:visible").count() != 1:
        found.append("has not one heading")
    if page.evaluate(WIDER):
        found.append("is wider than its screen")
    if (moved := page.evaluate(SHIFTED)) > MOST_SHIFT:
        found.append(f"moves while it loads: {moved:.3f}")
    found += [f"shuts people out: {one['id']}" for one in Axe().run(page).response["violations"]]
    return [f"{path} {fault}" for fault in found]
