"""Every page for farmers."""

from typing import Any, Final

from api.pages.farm.answers import LinkPages, QuestionPages
from api.pages.farm.changing import ChangingPages
from api.pages.farm.harvest import HarvestPages
from api.pages.farm.lots import LotPages
from api.pages.farm.money import MoneyPages
from api.pages.farm.settings import SettingsPages
from api.pages.farm.share import SharePages
from api.pages.farm.today import TodayPages, worker

FARM_PAGES: Final[tuple[Any, ...]] = (
    LinkPages,
    QuestionPages,
    TodayPages,
    LotPages,
    ChangingPages,
    HarvestPages,
    MoneyPages,
    SharePages,
    SettingsPages,
    worker,
)
