"""Farmers answer over HTTP, by the link of their message or signed in; what they say is drawn from the seed."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, Final
from uuid import UUID

from farmlink.confirmations import queries as confirmations
from farmlink.confirmations.values import RequestState, RequestView
from farmlink.cycles.values import CycleId
from farmlink.demo.wire import Client, at_once
from farmlink.kernel.ids import uuid7
from farmlink.kernel.page import Paging
from farmlink.network.values import FarmCard, FarmId
from farmlink.people import commands as people
from farmlink.people import queries as persons
from farmlink.people.values import Role
from farmlink.store.store import Store
from farmlink.store.transaction import Transaction
from farmlink.supply import queries as supply
from farmlink.supply.values import LotCard

REASONS: Final = ("weather", "pest", "unripe", "sold", "labour")
FIRST, LATER, LAST = (0.82, 0.92, 0.97), (0.95, 0.98, 1.0), (1.0, 1.0, 1.0)
"""Up to where a draw means yes, a part, no; beyond is silence. From the third round on everybody keeps to it."""


@dataclass(frozen=True, slots=True)
class Asked:
    """One question with what its farmer will say to it; nothing for silence."""

    request: RequestView
    farmer: str
    by_link: bool
    said: dict[str, Any] | None


def answer_round(port: int, store: Store, cycle_id: CycleId, farms: Sequence[FarmCard], round_: int, seed: int) -> int:
    """Let every asked farmer answer as drawn; the number of questions that meet silence."""
    asked = store.run(_asked, cycle_id, {farm.id: farm for farm in farms}, round_, seed)
    talking = [one for one in asked if one.said is not None]
    at_once(port, [partial(_answer, asked=one) for one in talking])
    return len(asked) - len(talking)


def drawn(seed: int, round_: int, code: str) -> tuple[float, float]:
    """Two numbers in [0, 1) that depend on nothing but the seed, the round and the lot's code."""
    digest = hashlib.sha256(f"{seed}/{round_}/{code}".encode()).digest()
    return int.from_bytes(digest[:8], "big") / 2**64, int.from_bytes(digest[8:16], "big") / 2**64


def said(request: RequestView, lot: LotCard, round_: int, seed: int) -> dict[str, Any] | None:
    """What a farmer says to a question: yes, a part in whole packs, no with a reason, or nothing."""
    yes, part, no = (FIRST, LATER)[round_ - 1] if round_ < 3 else LAST
    draw, detail = drawn(seed, round_, str(lot.code))
    reason = REASONS[int(detail * len(REASONS))]
    if draw < yes:
        return {"reply": "accepted"}
    if draw < part:
        quantity = (
            int((request.floor + (request.quantity - request.floor) * (0.5 + detail * 0.4)) // lot.pack) * lot.pack
        )
        if request.floor < quantity < request.quantity:
            return {"reply": "reduced", "quantity": quantity, "reason": reason}
        return {"reply": "accepted"}  # one pack cannot be parted
    return {"reply": "declined", "reason": reason} if draw < no else None


def _asked(tx: Transaction, cycle_id: CycleId, farms: Mapping[FarmId, FarmCard], round_: int, seed: int) -> list[Asked]:
    requests: list[RequestView] = []
    after: UUID | None = None
    while True:
        page = confirmations.requests(tx, Paging(200, after), cycle_id=cycle_id, state=RequestState.OPEN)
        requests += page.items
        after = page.next
        if after is None:
            break
    lots = supply.lots_by_id(tx, [request.lot_id for request in requests])
    tokens: dict[FarmId, str] = {}
    for farm_id in sorted({request.farm_id for request in requests}):
        farmer = persons.member_ids(tx, farms[farm_id].organisation_id, Role.FARMER)[0]
        tokens[farm_id] = people.sign_in_as(tx, farmer).token
    return [
        Asked(
            request,
            tokens[request.farm_id],
            drawn(seed, round_, f"{lots[request.lot_id].code}/link")[0] < 0.5,
            said(request, lots[request.lot_id], round_, seed),
        )
        for request in requests
    ]


def _answer(client: Client, asked: Asked) -> None:
    """Half answer by a signed link of their own, as a message carries one, the others signed in."""
    path = f"/api/v1/confirmations/{asked.request.id}"
    if not asked.by_link:
        client.call("POST", f"{path}/answer", asked.farmer, asked.said, uuid7()).wanted(200)
        return
    token = client.call("POST", f"{path}/link", asked.farmer).wanted(201)["token"]
    client.call("GET", f"/api/v1/answers/{token}").wanted(200)
    device = {"device": str(uuid7())}
    client.call("POST", f"/api/v1/answers/{token}", None, {**(asked.said or {}), **device}, uuid7()).wanted(200)
