"""Records and imports: every master record's screen, cycles and what they sell, tables that come in, settings."""

from typing import Any

from api.pages.records.cycles import CycleRecordPages
from api.pages.records.farms import FarmPages, PointPages
from api.pages.records.home import RecordHome
from api.pages.records.hubs import HubPages, VehiclePages
from api.pages.records.imports import ImportPages
from api.pages.records.listings import ListingPages
from api.pages.records.organisations import OrganisationPages
from api.pages.records.products import PackPages, ProductPages
from api.pages.records.regions import RegionPages

RECORD_PAGES: list[Any] = [
    RecordHome,
    ProductPages,
    PackPages,
    RegionPages,
    HubPages,
    VehiclePages,
    FarmPages,
    PointPages,
    OrganisationPages,
    CycleRecordPages,
    ListingPages,
    ImportPages,
]
