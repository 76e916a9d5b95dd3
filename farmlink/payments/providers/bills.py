"""Bills of a day as WeChat Pay and Alipay write them, line by line; by the names of their columns, in yuan."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping, Sequence
from io import BytesIO
from typing import Final
from zipfile import ZipFile

TICK: Final = "`"
"""What WeChat Pay writes before every field, so that no spreadsheet makes a number of it."""
DETAILS: Final = "支付宝交易号"
"""The first column of Alipay's details; their summary, in the same folder, has none of it."""

ALIPAY_AMOUNT: Final = "订单金额（元）"  # noqa: RUF001  # as Alipay writes it


def of_wechat(bill: bytes) -> Sequence[Mapping[str, str]]:
    """Lines under the first head; a second head, and under it the sums, end them."""
    head, *lines = csv.reader(bill.decode("utf-8-sig").splitlines())
    details = []
    for line in lines:
        if not line or not line[0].startswith(TICK):
            break
        details.append(dict(zip(head, (field.removeprefix(TICK) for field in line), strict=True)))
    return details


def of_alipay(packed: bytes) -> Sequence[Mapping[str, str]]:
    """Lines of the details, without the remarks around them."""
    with ZipFile(BytesIO(packed)) as folder:
        texts = [folder.read(name).decode("gb18030").splitlines() for name in folder.namelist()]
    return [line for text in texts for line in _details(one for one in text if not one.startswith("#"))]


def _details(text: Iterable[str]) -> Sequence[Mapping[str, str]]:
    head, *lines = ([field.strip() for field in line] for line in csv.reader(text))
    return [dict(zip(head, line, strict=True)) for line in lines] if DETAILS in head else []


def minor(written: str) -> int:
    """Yuan as they are written there, in fen."""
    whole, _, part = written.strip().removeprefix("-").partition(".")
    amount_minor = int(whole) * 100 + int(f"{part}00"[:2])
    return -amount_minor if written.strip().startswith("-") else amount_minor
