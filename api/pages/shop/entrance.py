"""All of the consumer's pages."""

from typing import Any, Final

from api.pages.shop.checkout import CheckoutPages
from api.pages.shop.claims import ClaimPages
from api.pages.shop.cycle import CyclePages
from api.pages.shop.gifts import GiftPages
from api.pages.shop.lots import LotPages
from api.pages.shop.orders import OrderPages
from api.pages.shop.standing import StandingPages
from api.pages.shop.start import StartPages

SHOP_PAGES: Final[list[Any]] = [
    StartPages,
    CyclePages,
    CheckoutPages,
    OrderPages,
    ClaimPages,
    StandingPages,
    GiftPages,
    LotPages,
]
