"""The leader of a pick-up point, from the poster to the pay-out, and the dock hand at a hub."""

from api.pages.lead.arrival import ArrivalPages
from api.pages.lead.claims import ClaimPages
from api.pages.lead.dock import DockPages
from api.pages.lead.goods import GoodsPages
from api.pages.lead.guests import GuestPages
from api.pages.lead.hand_out import HandOutPages
from api.pages.lead.money import MoneyPages
from api.pages.lead.on_paper import PaperPages
from api.pages.lead.one_order import OneOrderPages
from api.pages.lead.points import PointPages
from api.pages.lead.poster import PosterPages
from api.pages.lead.roll import RollPages
from api.pages.lead.settings import SettingsPages
from api.pages.lead.sharing import SharingPages
from api.pages.lead.weights import WeightPages

LEAD_PAGES = [
    PointPages,
    PosterPages,
    RollPages,
    GoodsPages,
    ArrivalPages,
    ClaimPages,
    GuestPages,
    HandOutPages,
    OneOrderPages,
    PaperPages,
    MoneyPages,
    SettingsPages,
    SharingPages,
    DockPages,
    WeightPages,
]
