"""What can be imported: each kind of table with its words, an example, and the work that takes it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from farmlink.cycles.work import import_listings
from farmlink.kernel.locale import marked
from farmlink.network.work import import_places
from farmlink.orders.work import import_orders
from farmlink.settlement.work import import_weights
from farmlink.store.sheets import Imported
from farmlink.supply.work import import_lots

PLACES: Final = """\
id,kind,name,city,state,zip,latitude,longitude,products
oak-1,farm,Oak Hill Farm,Holland,MI,49423,42.787500,-86.108900,fruit;eggs
hall-1,market,Holland Market Hall,Holland,MI,49423,42.790100,-86.105300,
"""
LOTS: Final = """\
id,farm,product,grade,quantity,ask_minor_per_1000,harvest_on,minimum,pack,collect_until
apples-36,oak-1,apples,4,250000,190,2031-09-04,20000,10000,2031-09-06
"""
LISTINGS: Final = """\
product,grade,pack,price_minor_per_1000,tax_ppm,case_packs,threshold,unmet,cap
apples,4,2300,320,60000,1,0,,
"""
ORDERS: Final = """\
id,consumer,point,lines
roll-17,01990000-0000-7000-8000-000000000001,hall-1,apples/4/2300 x 2; eggs/5/12 x 1
"""
WEIGHTS: Final = """\
line,weight_g
01990000-0000-7000-8000-000000000002,6480
"""


@dataclass(frozen=True, slots=True)
class Table:
    """A kind of table: its words, an example, whether it is for a region or a cycle, and the work that takes it."""

    name: str
    title: str
    about: str
    columns: str
    example: str
    whither: str
    load: Callable[..., Imported]
    at_platform: bool = False


TABLES: Final = {
    table.name: table
    for table in (
        Table(
            "places",
            marked("Farms and pick-up points"),
            marked("Each comes with an organisation of its own and waits for approval. Known ids stay as they are."),
            marked(
                "id, kind (farm or market), name, city, state, zip, latitude and longitude in degrees, "
                "products between semicolons; also street, country."
            ),
            PLACES,
            "region_id",
            import_places,
            at_platform=True,
        ),
        Table(
            "lots",
            marked("Lots"),
            marked("What farms offer. A lot that its farm has named already stays as it is."),
            marked(
                "id, farm and product (their codes), grade (1 to 5), quantity (grams or pieces), "
                "ask_minor_per_1000 (the smallest coin, for 1000 of them), harvest_on; also minimum, pack, "
                "collect_from, collect_until, shelf_days, daily_capacity, forecast_low, forecast_likely, "
                "forecast_high."
            ),
            LOTS,
            "region_id",
            import_lots,
        ),
        Table(
            "listings",
            marked("Listings"),
            marked("What a cycle sells. A pack that it sells already stays as it is."),
            marked(
                "product (its code), grade (1 to 5), pack (grams or pieces in it); also "
                "price_minor_per_1000, tax_ppm (60000 is 6%), case_packs, threshold, unmet (zero or "
                "partial), cap, variant."
            ),
            LISTINGS,
            "cycle_id",
            import_listings,
        ),
        Table(
            "orders",
            marked("Orders"),
            marked("Orders that were taken elsewhere. A row that was imported before changes nothing."),
            marked(
                "id (any name of the order), consumer (a person's id), point (its code), lines (between "
                "semicolons, each product/grade/pack x packs)."
            ),
            ORDERS,
            "cycle_id",
            import_orders,
        ),
        Table(
            "weights",
            marked("Weights"),
            marked("What was weighed of goods that are priced by weight, until the cycle is settled."),
            marked("line (an order line's id), weight_g (all of the line that is there, in grams)."),
            WEIGHTS,
            "cycle_id",
            import_weights,
        ),
    )
}
