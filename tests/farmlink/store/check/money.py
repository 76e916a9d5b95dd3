"""The money of a whole cycle in rows: paid in, held, captured and charged, and how a test changes one of them."""

from __future__ import annotations

from typing import Any

from farmlink.kernel.ids import uuid7
from tests.farmlink.store.check.planting import IDS, NOW, a_cycle

Row = tuple[str, dict[str, Any]]
ORDER, CONSUMER, LINE, HUB = IDS["order"], IDS["consumer"], IDS["line"], uuid7()
OWNERS = {"bank": HUB, "consumer-credit": CONSUMER, "hold": ORDER, "consumer-receivable": CONSUMER, "hub-fees": HUB}
ACCOUNTS = {kind: uuid7() for kind in OWNERS}
BALANCES = {"bank": 85, "hub-fees": -85}
ENTRIES = {name: uuid7() for name in ("top-up", "hold", "capture", "charge")}
MOVES = {
    "top-up": ("bank", "consumer-credit"),
    "hold": ("consumer-credit", "hold"),
    "capture": ("hold", "consumer-receivable"),
    "charge": ("consumer-receivable", "hub-fees"),
}


def _account(kind: str) -> Row:
    facts = {"id": ACCOUNTS[kind], "kind": kind, "owner_id": OWNERS[kind], "currency": "EUR"}
    return "ledger_account", facts | {"balance_minor": BALANCES.get(kind, 0)}


def _entry(kind: str) -> Row:
    return "ledger_entry", {"id": ENTRIES[kind], "key": f"{kind} 1", "kind": kind, "about": ORDER}


def _posting(kind: str, side: int) -> Row:
    minor, account = (85, -85)[side], ACCOUNTS[MOVES[kind][side]]
    facts = {"entry_id": ENTRIES[kind], "position": side, "account_id": account}
    return "ledger_posting", facts | {"currency": "EUR", "amount_minor": minor}


def _part(item: str, account: str, minor: int, line: Any = None) -> Row:
    facts = {"cycle_id": IDS["cycle"], "entry_id": ENTRIES["charge"], "order_id": ORDER, "line_id": line}
    owner = OWNERS[account]
    return "statement_line", facts | {
        "item": item,
        "account": account,
        "owner_id": owner,
        "currency": "EUR",
        "amount_minor": minor,
    }


PAYMENT = {
    "id": uuid7(),
    "about": ORDER,
    "payer_id": CONSUMER,
    "method": "credit",
    "currency": "EUR",
    "state": "captured",
    "asked_minor": 105,
    "most_minor": 105,
    "held_minor": 0,
    "charged_minor": 85,
    "captured_minor": 85,
    "due_minor": 0,
    "collected_minor": 0,
    "refunded_minor": 0,
    "credited_minor": 0,
}
CHARGE = {
    "order_id": ORDER,
    "cycle_id": IDS["cycle"],
    "consumer_id": CONSUMER,
    "currency": "EUR",
    "goods_minor": 80,
    "delivery_minor": 5,
    "deposit_minor": 0,
    "total_minor": 85,
    "crates": 0,
    "entry_id": ENTRIES["charge"],
}
MONEY: dict[str, Row] = {
    **{f"{kind} account": _account(kind) for kind in OWNERS},
    **{f"{kind} entry": _entry(kind) for kind in ENTRIES},
    **{f"{kind} debit": _posting(kind, 0) for kind in ENTRIES},
    **{f"{kind} credit": _posting(kind, 1) for kind in ENTRIES},
    "payment": ("payment", PAYMENT),
    "settled": ("settled_cycle", {"cycle_id": IDS["cycle"], "settled_at": NOW}),
    "order charge": ("order_charge", CHARGE),
    "sale": _part("sale", "consumer-receivable", -80, LINE),
    "delivery": _part("delivery", "consumer-receivable", -5),
    "fees": _part("commission", "hub-fees", 85, LINE),
}
DONE: dict[str, dict[str, Any]] = {
    "order_cycle": {"stage": "done", "threshold_state": "charged"},
    "order_line": {"price_minor_per_1000": 10_000},
    "stock": {"threshold_state": "charged"},
}


def a_settled_cycle(
    money: dict[str, dict[str, Any] | None] | None = None,
    cycle: dict[str, dict[str, Any]] | None = None,
    more: tuple[Row, ...] = (),
) -> list[Row]:
    """A settled cycle in which everything holds, except the rows of `money` that are changed, or left out for None."""
    changed = money or {}
    assert changed.keys() <= MONEY.keys()
    about = {table: DONE.get(table, {}) | (cycle or {}).get(table, {}) for table in {*DONE, *(cycle or {})}}
    rows: list[Row] = [*a_cycle(**about)]
    for name, (table, values) in MONEY.items():
        change = changed.get(name, {})
        if change is not None:
            rows.append((table, values | change))
    return [*rows, *more]
