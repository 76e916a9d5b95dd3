"""A basket that is not ordered yet: read from the shop's form, and written so short that an address can carry it."""

from __future__ import annotations

import binascii
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Collection, Iterable, Mapping
from typing import Annotated, Any, Final
from uuid import UUID

import msgspec

from api.body import Fault, FieldsError, fault
from farmlink.cycles.values import CycleId, Listing, ListingId
from farmlink.kernel.errors import InvalidError
from farmlink.kernel.locale import marked
from farmlink.orders.rules import MOST_LINES, MOST_PACKS, require_meant
from farmlink.orders.values import Order, OrderState, Shortage, WantedLine

Packs = Annotated[int, msgspec.Meta(ge=0, le=MOST_PACKS)]
Lines = tuple[WantedLine, ...]
SHORTAGES: Final = tuple(Shortage)
NOTHING: Final = Fault("", "nothing", marked("Choose at least one pack of something."), {})
TOO_MANY: Final = marked("Only {count} packs are left.")


def written(lines: Iterable[WantedLine]) -> str:
    """A basket as a part of an address."""
    rows = [
        (
            line.listing_id.bytes,
            line.packs,
            line.most or 0,
            SHORTAGES.index(line.shortage),
            [one.bytes for one in line.substitutes],
        )
        for line in lines
    ]
    return urlsafe_b64encode(msgspec.msgpack.encode(rows)).decode().rstrip("=")


def unwritten(text: str) -> Lines:
    """The basket that an address carries; one that was cut off or made up is empty."""
    try:
        raw = urlsafe_b64decode(text + "=" * (-len(text) % 4))
        rows = msgspec.msgpack.decode(raw, type=list[tuple[bytes, Packs, Packs, int, list[bytes]]])
        return tuple(
            WantedLine(
                ListingId(UUID(bytes=listing)),
                packs,
                most or None,
                SHORTAGES[shortage],
                tuple(ListingId(UUID(bytes=one)) for one in instead),
            )
            for listing, packs, most, shortage, instead in rows[:MOST_LINES]
        )
    except (msgspec.DecodeError, binascii.Error, ValueError, IndexError):
        return ()


def kept(cycle_id: CycleId, lines: Lines) -> str:
    """A basket as a cookie holds it, with the cycle that it is for."""
    return f"{cycle_id.hex}.{written(lines)}"


def unkept(cookie: str, cycle_id: CycleId) -> Lines:
    """What a cookie holds for a cycle; that of another cycle is none of it."""
    found, _, text = cookie.partition(".")
    return unwritten(text) if found == cycle_id.hex else ()


def ordered(order: Order) -> Lines:
    """What stands in an order, as a basket."""
    return tuple(
        WantedLine(line.listing_id, line.packs, line.most_packs, line.shortage, line.substitutes)
        for line in order.lines
        if line.state is OrderState.PLACED
    )


def read_basket(sent: Mapping[str, Any], listings: Collection[ListingId]) -> Lines:
    """The basket of the shop's form: what is not named, or of which there are no packs, is not in it.

    Raises
    ------
    FieldsError
        With one fault for each field that cannot be meant.
    """
    faults: list[Fault] = []
    lines = [_line(sent, listing_id, faults) for listing_id in listings if sent.get(f"packs-{listing_id}")]
    if faults:
        raise FieldsError(faults)
    return tuple(line for line in lines if line is not None)


def require_there(lines: Lines, listed: Mapping[ListingId, Listing], order: Order | None) -> None:
    """Refuse an empty basket, and more packs than are left beside those of one's own order."""
    if not lines:
        raise FieldsError([NOTHING])
    own = {line.listing_id: line.packs for line in ordered(order)} if order else {}
    left = {key: max(0, one.left) // one.pack + own.get(key, 0) for key, one in listed.items()}
    short = [line.listing_id for line in lines if line.packs > left[line.listing_id]]
    if short:
        raise FieldsError([Fault(f"packs-{key}", "sold-out", TOO_MANY, {"count": str(left[key])}) for key in short])


def typed(lines: Lines) -> dict[str, Any]:
    """A basket as the fields of the shop's form."""
    fields: dict[str, Any] = {}
    for line in lines:
        fields[f"packs-{line.listing_id}"] = line.packs
        fields[f"most-{line.listing_id}"] = line.most or ""
        fields[f"shortage-{line.listing_id}"] = line.shortage.value
        fields[f"instead-{line.listing_id}"] = [str(one) for one in line.substitutes]
    return fields


def _line(sent: Mapping[str, Any], listing_id: ListingId, faults: list[Fault]) -> WantedLine | None:
    """One line, if any packs of it are wanted; what is wrong with it goes to the faults."""
    packs = _whole(sent, f"packs-{listing_id}", faults)
    most = _whole(sent, f"most-{listing_id}", faults)
    if not packs:
        return None
    shortage = sent.get(f"shortage-{listing_id}", Shortage.LESS.value)
    instead = sent.get(f"instead-{listing_id}", ())
    chosen = [instead] if isinstance(instead, str) else list(instead)
    swaps = shortage == Shortage.SWAP.value
    try:
        line = WantedLine(
            listing_id,
            packs,
            most or None,
            Shortage(shortage),
            tuple(ListingId(UUID(one)) for one in dict.fromkeys(chosen) if one) if swaps else (),
        )
        require_meant(line)
    except InvalidError as refusal:
        named = {"packs": "packs", "most": "most"}.get(str(refusal.facts["field"]), "shortage")
        faults.append(Fault(f"{named}-{listing_id}", "invalid", str(refusal.facts["reason"]), {}))
        return None
    except ValueError:
        faults.append(fault("", f"shortage-{listing_id}"))
        return None
    return line


def _whole(sent: Mapping[str, Any], name: str, faults: list[Fault]) -> int:
    given = sent.get(name, "")
    if given == "":
        return 0
    try:
        return msgspec.convert(given, Packs, strict=False)
    except msgspec.ValidationError as error:
        faults.append(fault(str(error), name))
        return 0
