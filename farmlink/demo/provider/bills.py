"""Bills of a day as WeChat Pay and Alipay write them: a line for each payment and each refund, in yuan."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from io import BytesIO, StringIO
from typing import Final
from zipfile import ZipFile
from zoneinfo import ZoneInfo

from farmlink.demo.provider.books import Intent, Move

ZONE: Final = ZoneInfo("Asia/Shanghai")
WECHAT: Final = (
    "交易时间,商户订单号,交易状态,货币种类,应结订单金额,商户退款单号,退款金额,退款状态,订单金额,申请退款金额"
)
WECHAT_SUM: Final = "总交易单数,应结订单总金额,退款总金额"
ALIPAY: Final = "支付宝交易号,商户订单号,业务类型,完成时间,订单金额（元）,商家实收（元）,退款批次号/请求号,备注"  # noqa: RUF001  # as Alipay writes it
ALIPAY_SUM: Final = "#支付宝业务汇总查询\r\n门店编号,交易订单总笔数\r\n"

Moved = Iterable[tuple[Intent, Move]]


def of_day(day: str) -> tuple[float, float]:
    """When a day of the bills begins and ends."""
    begins = datetime.fromisoformat(day).replace(tzinfo=ZONE)
    return begins.timestamp(), (begins + timedelta(days=1)).timestamp()


def of_wechat(moved: Moved) -> bytes:
    """Every field begins with a tick, so that no spreadsheet makes a number of it; the last two lines sum up."""
    taken = [(intent, move) for intent, move in moved if not (move.key and move.amount_minor > 0)]
    lines = [WECHAT, *(",".join(f"`{field}" for field in _wechat(intent, move)) for intent, move in taken)]
    total = sum(move.amount_minor for _, move in taken if not move.key)
    back = -sum(move.amount_minor for _, move in taken if move.key)
    sums = f"`{len(taken)},`{_yuan(total)},`{_yuan(back)}"
    return "\r\n".join([*lines, WECHAT_SUM, sums, ""]).encode("utf-8-sig")


def _wechat(intent: Intent, move: Move) -> Sequence[str]:
    at = datetime.fromtimestamp(move.at, ZONE).strftime("%Y-%m-%d %H:%M:%S")
    amount, nothing = _yuan(abs(move.amount_minor)), "0.00"
    if not move.key:
        return (at, intent.number, "SUCCESS", intent.currency, amount, "0", nothing, "", amount, nothing)
    under_way = move.key in (*intent.bounced, *intent.stuck)  # and a bill is not written anew
    status = "PROCESSING" if under_way else "SUCCESS"
    return (at, intent.number, "REFUND", intent.currency, nothing, move.key, amount, status, nothing, amount)


def of_alipay(moved: Moved) -> bytes:
    """A table between remarks, in GBK, in a packed folder beside its summary; what comes back to us is a payment."""
    table = StringIO()
    lines = csv.writer(table)
    lines.writerow(ALIPAY.split(","))
    for intent, move in moved:
        at = datetime.fromtimestamp(move.at, ZONE).strftime("%Y-%m-%d %H:%M:%S")
        kind, amount = "退款" if move.key else "交易", _yuan(move.amount_minor)
        lines.writerow([f"20{intent.number}\t", f"{intent.number}\t", kind, at, amount, amount, f"{move.key}\t", ""])
    written = f"#支付宝业务明细查询\r\n{table.getvalue()}#-----业务明细列表结束-----\r\n"
    packed = BytesIO()
    with ZipFile(packed, "w") as folder:
        folder.writestr("20880000_业务明细.csv", written.encode("gbk"))
        folder.writestr("20880000_业务明细(汇总).csv", ALIPAY_SUM.encode("gbk"))
    return packed.getvalue()


def _yuan(amount_minor: int) -> str:
    sign = "-" if amount_minor < 0 else ""
    return f"{sign}{abs(amount_minor) // 100}.{abs(amount_minor) % 100:02d}"
