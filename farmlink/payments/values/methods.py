"""How one can pay, and what each way can do."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import Final


class Method(StrEnum):
    """How somebody pays."""

    PICK_UP = "pick-up"
    CREDIT = "credit"
    STRIPE = "stripe"
    WECHAT = "wechat"
    ALIPAY = "alipay"


@dataclass(frozen=True, slots=True)
class Capabilities:
    """What a method can do.

    What can `hold` takes nothing before the charge; else a provider takes all at checkout and gives the rest back.
    What cannot give money back the way it came gives it as account credit. `online` is at a provider. After `hold_days`
    a provider lets go of what it holds; none is a hold without end, or no hold at all.
    """

    hold: bool
    partial_capture: bool
    partial_refund: bool
    online: bool
    hold_days: int | None = None


CAN: Final[Mapping[Method, Capabilities]] = MappingProxyType(
    {
        Method.PICK_UP: Capabilities(hold=False, partial_capture=False, partial_refund=False, online=False),
        Method.CREDIT: Capabilities(hold=True, partial_capture=True, partial_refund=True, online=False),
        Method.STRIPE: Capabilities(hold=True, partial_capture=True, partial_refund=True, online=True, hold_days=7),
        Method.WECHAT: Capabilities(hold=False, partial_capture=False, partial_refund=True, online=True),
        Method.ALIPAY: Capabilities(hold=False, partial_capture=False, partial_refund=True, online=True),
    }
)


@dataclass(frozen=True, slots=True)
class Offer:
    """A method that this installation offers, and what it can do."""

    method: Method
    can: Capabilities
