"""Who gets what of a line: tax, farms, leader, hub, carriage; the rest is spread, by name."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from uuid import UUID

from farmlink.kernel.money import divide_half_up, line_total_minor
from farmlink.ledger.values import Account, AccountKind, Entry, EntryKind, Posting
from farmlink.settlement.rules.amounts import KILO_G, PPM, sale_minor, share_of, spread_over, tax_within
from farmlink.settlement.values import (
    Delivered,
    EndedLine,
    EndedOrder,
    FarmPart,
    Item,
    Part,
    Split,
    Terms,
)


def farm_parts(
    lines: Sequence[EndedLine], delivered: Sequence[Delivered]
) -> tuple[dict[UUID, list[FarmPart]], list[FarmPart]]:
    """What each lot of a batch gets for its part in each line, by line id, and for what no line was due.

    A farm is paid its ask for all that came in, rounded once a lot; who did not fetch theirs is no fault of the farm.
    """
    dues = [line.due for line in lines]
    weights = [*dues, max(0, sum(one.received for one in delivered) - sum(dues))]
    parts: dict[UUID, list[FarmPart]] = defaultdict(list)
    surplus: list[FarmPart] = []
    for one in delivered:
        minors = spread_over(line_total_minor(one.received, one.ask_minor_per_1000), weights)
        quantities = spread_over(one.received, weights)
        shares = [FarmPart(one.lot_id, one.farm_id, *share) for share in zip(quantities, minors, strict=True)]
        for line, share in zip(lines, shares, strict=False):
            if share.minor or share.quantity:
                parts[line.line_id].append(share)
        if shares[-1].minor:
            surplus.append(shares[-1])
    return parts, surplus


def carriage_parts(lines: Sequence[EndedLine], carriage_minor: int) -> dict[UUID, int]:
    """What shared transport costs each line: borne by the weight that was delivered, never by what was booked."""
    weights = [line.grams_of(line.due) for line in lines]
    return dict(zip((line.line_id for line in lines), spread_over(carriage_minor, weights), strict=True))


def split_order(
    order: EndedOrder, terms: Terms, farms: Mapping[UUID, Sequence[FarmPart]], carriage: Mapping[UUID, int]
) -> Split:
    """All parts of an order; they sum to zero."""
    parts = [
        part
        for line in order.lines
        for part in _line_parts(order, line, terms, farms.get(line.line_id, ()), carriage.get(line.line_id, 0))
    ]
    crates = _crates(order, terms)
    parts += _order_parts(order, terms, parts, crates)
    return Split(order.order_id, tuple(part for part in parts if part.minor), crates)


def surplus_parts(terms: Terms, surplus: Iterable[FarmPart]) -> tuple[Part, ...]:
    """What came in and filled no pack: the farms are paid, the hub bears it."""
    goods = [_goods(terms, None, share) for share in surplus]
    borne = _hub_part(terms, Item.SPREAD, AccountKind.SPREAD, -sum(part.minor for part in goods))
    return (*goods, borne) if goods else ()


def entry_of(key: str, kind: EntryKind, about: UUID, parts: Iterable[Part]) -> Entry | None:
    """What parts come to on each account; nothing where nothing moves."""
    sums: dict[Account, int] = defaultdict(int)
    for part in parts:
        sums[part.account] -= part.minor
    postings = tuple(Posting(account, minor) for account, minor in sorted(sums.items()) if minor)
    return Entry(key, kind, about, postings) if postings else None


def _line_parts(
    order: EndedOrder, line: EndedLine, terms: Terms, farms: Sequence[FarmPart], carriage_minor: int
) -> list[Part]:
    charges, gross = terms.charges, sale_minor(line)
    tax = tax_within(gross, line.tax_ppm)
    net = gross - tax
    commission = share_of(net, charges.commission_ppm)
    packs = divide_half_up(line.handed_out * line.packs, line.quantity)
    fees = {
        Item.COMMISSION: commission,
        Item.PAYMENT: share_of(net, charges.payment_fee_ppm),
        Item.PACKAGING: divide_half_up(line.grams_of(line.handed_out) * charges.packaging_minor_per_kg, KILO_G),
        Item.PACK: packs * charges.pack_fee_minor,
    }
    hub = [_hub_part(terms, item, AccountKind.HUB, minor, line) for item, minor in fees.items()]
    parts = [
        _consumer_part(order, terms, Item.SALE, -gross, line),
        _hub_part(terms, Item.TAX, AccountKind.TAX, tax, line),
        *(_goods(terms, line, share) for share in farms),
        *_relief(terms, line, farms, commission),
        *hub,
        _hub_part(terms, Item.CARRIAGE, AccountKind.CARRIAGE, carriage_minor, line),
    ]
    if order.point_id is not None:
        leader = Account(AccountKind.COMMISSION, order.point_id, terms.currency)
        earned = share_of(net, charges.leader_commission_ppm)
        parts.append(Part(item=Item.LEADER, account=leader, minor=earned, line_id=line.line_id))
    rest = -sum(part.minor for part in parts)
    return [*parts, _hub_part(terms, Item.SPREAD, AccountKind.SPREAD, rest, line)]


def _order_parts(order: EndedOrder, terms: Terms, parts: Sequence[Part], crates: int) -> list[Part]:
    """Delivery, the fee for the order and deposits, of an order of which anything was handed out."""
    if not any(line.handed_out for line in order.lines):
        return []
    sold = -sum(part.minor for part in parts if part.item is Item.SALE)
    taxed = sum(part.minor for part in parts if part.item is Item.TAX)
    delivery, fee = order.delivery_fee_minor, terms.charges.order_fee_minor
    tax = divide_half_up(delivery * taxed, sold) if sold else 0  # delivery is taxed as the goods are that it brings
    deposit = crates * terms.charges.crate_deposit_minor
    kept = Account(AccountKind.DEPOSIT, order.consumer_id, terms.currency)
    return [
        _consumer_part(order, terms, Item.DELIVERY, -delivery),
        _hub_part(terms, Item.TAX, AccountKind.TAX, tax),
        _hub_part(terms, Item.DELIVERY, AccountKind.CARRIAGE, delivery - tax),
        _hub_part(terms, Item.ORDER, AccountKind.HUB, fee),
        _hub_part(terms, Item.SPREAD, AccountKind.SPREAD, -fee),
        _consumer_part(order, terms, Item.DEPOSIT, -deposit),
        Part(item=Item.DEPOSIT, account=kept, minor=deposit, quantity=crates),
    ]


def _crates(order: EndedOrder, terms: Terms) -> int:
    """How many crates an order is handed out in, where crates bear a deposit."""
    weight_g = sum(line.grams_of(line.handed_out) for line in order.lines)
    return -(-weight_g // terms.charges.crate_g) if terms.charges.crate_deposit_minor else 0


def _relief(terms: Terms, line: EndedLine, farms: Sequence[FarmPart], commission: int) -> list[Part]:
    """What of the commission a small farm gets back, by its part in the line."""
    whole = sum(share.quantity for share in farms)
    parts: list[Part] = []
    for share in farms:
        if share.farm_id not in terms.small or not whole:
            continue
        minor = divide_half_up(commission * share.quantity * terms.charges.fee_relief_ppm, whole * PPM)
        farm = Account(AccountKind.FARM, share.farm_id, terms.currency)
        parts += [
            Part(item=Item.RELIEF, account=farm, minor=minor, line_id=line.line_id, lot_id=share.lot_id),
            _hub_part(terms, Item.RELIEF, AccountKind.RELIEF, -minor, line),
        ]
    return parts


def _goods(terms: Terms, line: EndedLine | None, share: FarmPart) -> Part:
    farm = Account(AccountKind.FARM, share.farm_id, terms.currency)
    line_id = None if line is None else line.line_id
    return Part(
        item=Item.GOODS,
        account=farm,
        minor=share.minor,
        line_id=line_id,
        lot_id=share.lot_id,
        quantity=share.quantity,
    )


def _consumer_part(order: EndedOrder, terms: Terms, item: Item, minor: int, line: EndedLine | None = None) -> Part:
    owes = Account(AccountKind.RECEIVABLE, order.consumer_id, terms.currency)
    if line is None:
        return Part(item=item, account=owes, minor=minor)
    return Part(item=item, account=owes, minor=minor, line_id=line.line_id, quantity=line.handed_out)


def _hub_part(terms: Terms, item: Item, kind: AccountKind, minor: int, line: EndedLine | None = None) -> Part:
    account = Account(kind, terms.hub_id, terms.currency)
    return Part(item=item, account=account, minor=minor, line_id=None if line is None else line.line_id)
