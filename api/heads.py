"""HEAD: every address that answers to GET says the same of itself, without a body."""

from typing import cast

from litestar.datastructures import MutableScopeHeaders
from litestar.types import ASGIApp, HTTPResponseBodyEvent, Message, Receive, Scope, Send

THE_END: HTTPResponseBodyEvent = {"type": "http.response.body", "body": b"", "more_body": False}


def answer_heads(application: ASGIApp) -> ASGIApp:
    """Ask GET where HEAD was asked, under the same guards, and leave out what follows the headers."""

    async def answer(scope: Scope, receive: Receive, send: Send) -> None:
        if scope.get("method") != "HEAD":
            await application(scope, receive, send)
            return
        begun = False

        async def send_head(message: Message) -> None:
            nonlocal begun
            if not begun:
                begun = True
                await send(message)
                await send(THE_END)  # at once: a live stream would never come to it

        await application(cast("Scope", scope | {"method": "GET"}), receive, send_head)

    return answer


async def allow_heads(message: Message, _scope: Scope) -> None:
    """Name HEAD wherever an answer says that GET is allowed."""
    if message["type"] != "http.response.start" or message["status"] not in {204, 405}:
        return
    headers = MutableScopeHeaders.from_message(message)
    allowed = set(headers.get("allow", "").split(", "))
    if "GET" in allowed:
        headers["allow"] = ", ".join(sorted(allowed | {"HEAD"}))
