"""The form of a page as a browser would send it: every field with what stands in it."""

from __future__ import annotations

from html.parser import HTMLParser
from typing import Any

import httpx

Sent = dict[str, Any]


class Form(HTMLParser):
    """The fields of the form that posts to an address."""

    def __init__(self, to: str) -> None:
        super().__init__()
        self.to, self.inside = to, False
        self.area = self.select = ""
        self.fields: dict[str, list[str]] = {}

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.inside = said.get("action") == self.to and said.get("method") == "post"
        if not self.inside:
            return
        name = said.get("name", "")
        if tag == "input" and name and (said.get("type") not in {"checkbox", "radio"} or "checked" in said):
            self.fields.setdefault(name, []).append(said.get("value", ""))
        elif tag == "textarea":
            self.area = name
            self.fields[name] = [""]
        elif tag == "select":
            self.select = name
        elif tag == "option" and self.select and ("selected" in said or self.select not in self.fields):
            self.fields[self.select] = [said.get("value", "")]

    def handle_endtag(self, tag: str) -> None:
        self.area = "" if tag == "textarea" else self.area
        self.select = "" if tag == "select" else self.select
        self.inside = self.inside and tag != "form"

    def handle_data(self, data: str) -> None:
        if self.inside and self.area:
            self.fields[self.area][0] += data


def form_of(page: str, to: str) -> Sent:
    """What the form that posts to an address would send as it stands."""
    form = Form(to)
    form.feed(page)
    return {name: values if len(values) > 1 else values[0] for name, values in form.fields.items()}


def filled_in(client: httpx.Client, at: str, to: str, **said: Any) -> httpx.Response:
    """Change some fields of a page's form and send it; a field with None is not sent."""
    form = form_of(client.get(at).text, to) | said
    return client.post(to, data={name: value for name, value in form.items() if value is not None})
