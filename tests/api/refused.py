"""Inputs that are refused, one of every kind; what each answers is in docs/refusals.md."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any

SIGN_IN = "POST /people/sign-ins"
BY_CODE = "POST /people/sign-ins/by-code"
FOUND = "POST /organisations"
HUB = {"name": "North hub", "kind": "hub"}
HOUSE = {"region_id": "{region}", "organisation_id": "{farm_house}"}
SWAPPED = HOUSE | {
    "name": "Farm",
    "address": {"town": "Holland"},
    "coordinates": {"latitude_e6": -86_110_000, "longitude_e6": 42_790_000},
}
BEYOND_THE_POLE = SWAPPED | {"coordinates": {"latitude_e6": 95_000_000, "longitude_e6": -86_110_000}}
FOREIGN = SWAPPED | {
    "coordinates": {"latitude_e6": 42_790_000, "longitude_e6": -86_110_000},
    "organisation_id": "{hub_house}",
}
EGGS_NAME = {"en": "Eggs", "zh-CN": "鸡蛋"}
LOT = {
    "farm_id": "{farm}",
    "product_id": "{product}",
    "grade": 4,
    "quantity": 1,
    "ask_minor_per_1000": 1,
    "harvest_on": "2031-09-03",
}
SLOW = {"quantity": 100, "minimum": 50, "daily_capacity": 10}
EGGS = {"code": "eggs", "name": EGGS_NAME, "base_unit": "piece", "volume_ml_per_1000": 90_000, "shelf_days": 28}
LIGHT = {"name": {"en": "Sack", "zh-CN": "袋"}, "quantity": 2001, "weight_g": 100}
CREDIT = {"person_id": "{me}", "amount_minor": -500}
NOTE = {"line_id": "{line}", "amount_minor": 100, "reason": "Bruised"}
CLAIM = {"line_id": "{line}", "kind": "damaged", "quantity": 1000}
NO_PHOTO, HUGE_PHOTO = "R0lGODlhAQABAAAAACw=", "A" * 4_000_000
ARRIVAL = "POST /cycles/{cycle}/points/{point}/arrival"
CAME = {"listing_id": "{listing}", "counted": 1000}
LESS_THAN_WANTED = {"place_id": "{point}", "lines": [{"listing_id": "{open_listing}", "packs": 3, "most": 2}]}
SWAP_FOR_NOTHING = {"place_id": "{point}", "lines": [{"listing_id": "{open_listing}", "packs": 1, "shortage": "swap"}]}
CARD = {"method": "credit", "card_number": "4242424242424242"}
LATE = {"place_id": "{point}", "lines": [{"listing_id": "{listing}", "packs": 1}]}
ONE_BAG = [{"listing_id": "{open_listing}", "packs": 1}]
TOO_MUCH = {"place_id": "{point}", "lines": [{"listing_id": "{open_listing}", "packs": 9000}]}
HOME = {
    "region_id": "{region}",
    "address": {"town": "Grand Rapids", "street": "12 Elm Street"},
    "coordinates": {"latitude_e6": 42_963_333, "longitude_e6": -85_668_111},
}
TO_MY_DOOR = {"place_id": "{home}", "lines": [{"listing_id": "{open_listing}", "packs": 1}]}
TO_THEIR_DOOR = TO_MY_DOOR | {"place_id": "{their_home}"}
TOO_LARGE_A_PART = {"reply": "reduced", "quantity": 10**11, "reason": "pest"}
SEEN = "as-seen"
"""Stands for the version of the open cycle's listing."""
PRICED = {"if-match": SEEN}
DEARER = {"price_minor_per_1000": 301}
RELISTED = {"product_id": "{product}", "grade": 4, "variant_id": "{bag}", "tax_ppm": 60_000}
NOWHERE = {"trip": 9, "position": 9, "to_trip": 9, "to_position": 9}
TOO_FAR = {"closes": "2031-09-05T00:00:00"}
LAST_YEARS = {
    "opens": datetime(2025, 11, 1, 12, tzinfo=UTC),
    "closes": datetime(2025, 11, 3, 12, tzinfo=UTC),
    "collect_on": date(2025, 11, 4),
    "hand_out_on": date(2025, 11, 5),
}


@dataclass(frozen=True)
class Case:
    """One thing that is refused; `{names}` in the address and the body stand for ids of what exists."""

    what: str
    who: str
    where: str
    body: Any = None
    headers: dict[str, str] = field(default_factory=dict)


CASES = (
    Case("no sign-in", "nobody", "GET /people/me"),
    Case("a token that is none", "nobody", "GET /people/me", headers={"authorization": "Bearer x"}),
    Case("another role's door", "consumer", "GET /lots"),
    Case("an admin of another house", "admin elsewhere", FOUND, HUB),
    Case("another site's form", "nobody", SIGN_IN, {}, {"sec-fetch-site": "cross-site"}),
    Case("an address that is none", "nobody", "GET /nothing"),
    Case("an id that is none", "nobody", "GET /hubs/7"),
    Case("an id of nothing", "nobody", "GET /hubs/{nothing}"),
    Case("a method that is none", "nobody", "DELETE /policy/current"),
    Case("a page of a million", "nobody", "GET /organisations?limit=1000000"),
    Case("a page of 1e2", "nobody", "GET /organisations?limit=1e2"),
    Case("a cursor that is none", "nobody", "GET /organisations?after=x"),
    Case("a parameter that is none", "nobody", "GET /organisations?page=2"),
    Case("a parameter that is left out", "planner", "GET /vehicles"),
    Case("a choice in the address that is none", "planner", "GET /lots?state=bogus"),
    Case("a NUL in the address", "nobody", "GET /organisations?after=%00"),
    Case("no body", "nobody", SIGN_IN, b""),
    Case("JSON cut off", "nobody", SIGN_IN, b'{"email": "a'),
    Case("no UTF-8", "nobody", SIGN_IN, b'{"email": "\xff\xfe", "password": "x"}'),
    Case("a lone surrogate", "nobody", SIGN_IN, rb'{"email": "\ud800", "password": "x"}'),
    Case("an escaped NUL", "nobody", SIGN_IN, rb'{"email": "a\u0000@b", "password": "x"}'),
    Case("10,000 levels deep", "nobody", SIGN_IN, b"[" * 10_000),
    Case("not a number (NaN)", "nobody", SIGN_IN, b'{"email": NaN}'),
    Case("a megabyte too much", "nobody", SIGN_IN, b'{"email": "' + b"a" * 1_100_000 + b'"}'),
    Case("a form", "nobody", SIGN_IN, b"email=a", {"content-type": "application/x-www-form-urlencoded"}),
    Case("JSON in UTF-16", "nobody", SIGN_IN, b"{}", {"content-type": "application/json; charset=utf-16"}),
    Case("a list for an object", "nobody", SIGN_IN, []),
    Case("a number for a text; a field too many; one too few", "nobody", SIGN_IN, {"email": 7, "role": "admin"}),
    Case("a column's name as a field", "admin", FOUND, HUB | {"revision": 7}),
    Case("a text that is too long", "nobody", SIGN_IN, {"email": "a" * 300, "password": "x"}),
    Case("a mail header in an address", "nobody", SIGN_IN, {"email": "a@b\r\nBcc: c@d", "password": "x"}),
    Case("a wrong password", "nobody", SIGN_IN, {"email": "a@b", "password": "a wrong pass phrase"}),
    Case("a short password", "nobody", "POST /people/registrations", {"email": "a@b", "name": "A", "password": "x"}),
    Case("a code that is none", "nobody", BY_CODE, {"token": "x", "code": "12345"}),
    Case("a code that was asked for elsewhere", "nobody", BY_CODE, {"token": "x", "code": "123456"}),
    Case("a wrong code", "nobody", BY_CODE, {"token": "{asker}", "code": "123456"}),
    Case("letters that concern planners", "consumer", "PUT /people/me/letters", {"wanted": ["cycles"]}),
    Case("a sign-in of somebody else", "consumer", "DELETE /people/me/sign-ins/{nothing}"),
    Case("a spent token", "nobody", "POST /people/registrations/confirmed", {"token": "x"}),
    Case("a control character in a name", "admin", FOUND, HUB | {"name": "a\u0007b"}),
    Case("a choice that is none", "admin", FOUND, HUB | {"kind": "ship"}),
    Case("no Idempotency-Key", "admin", FOUND, HUB, {"idempotency-key": ""}),
    Case("an Idempotency-Key that is none", "admin", FOUND, HUB, {"idempotency-key": "7"}),
    Case("no If-Match", "consumer", "PATCH /people/me", {"name": "B"}, {"if-match": ""}),
    Case("an If-Match that is none", "consumer", "PATCH /people/me", {"name": "B"}, {"if-match": "*"}),
    Case("an older version", "consumer", "PATCH /people/me", {"name": "B"}, {"if-match": '"7"'}),
    Case("the only admin leaves", "admin", "DELETE /people/me"),
    Case("a farm declined without a word", "admin", "POST /applications/{application}/decision", {"approve": False}),
    Case("latitude and longitude swapped", "farmer", "POST /farms", SWAPPED),
    Case("a latitude beyond the pole", "farmer", "POST /farms", BEYOND_THE_POLE),
    Case("a farm for somebody else's house", "farmer", "POST /farms", FOREIGN),
    Case("a quantity of nothing", "farmer", "POST /lots", LOT | {"quantity": 0}),
    Case("a quantity beyond all bounds", "farmer", "POST /lots", LOT | {"quantity": 10**30}),
    Case("a number written as text", "farmer", "POST /lots", LOT | {"grade": "4", "quantity": "1_000"}),
    Case("a day that is none", "farmer", "POST /lots", LOT | {"harvest_on": "2031-02-30"}),
    Case("a harvest of years ago", "farmer", "POST /lots", LOT | {"harvest_on": "2020-09-03"}),
    Case("collection before the harvest", "farmer", "POST /lots", LOT | {"collect_from": "2031-09-01"}),
    Case("collection a year after the harvest", "farmer", "POST /lots", LOT | {"collect_until": "2032-09-03"}),
    Case("less in a day than is worth a visit", "farmer", "POST /lots", LOT | SLOW),
    Case("pieces of no weight", "planner", "POST /products", EGGS),
    Case("a pack that is lighter than its contents", "planner", "POST /products/{product}/variants", LIGHT),
    Case("somebody else's lot", "farmer elsewhere", "GET /lots/{lot}"),
    Case("withdrawing what is promised", "farmer", "POST /lots/{lot}/withdrawal"),
    Case("an order after the cut-off", "consumer", "POST /cycles/{cycle}/orders", LATE),
    Case("an order of nothing", "consumer", "POST /cycles/{cycle}/orders", {"place_id": "{point}", "lines": []}),
    Case("more than the farms have", "consumer", "POST /cycles/{open}/orders", TOO_MUCH),
    Case("an order to a door beyond the range", "consumer", "POST /cycles/{open}/orders", TO_MY_DOOR),
    Case("an order to somebody else's door", "consumer", "POST /cycles/{open}/orders", TO_THEIR_DOOR),
    Case("a home without a street", "consumer", "PUT /people/me/home", HOME | {"address": {"town": "Holland"}}),
    Case("a home for who can say it", "planner", "PUT /people/persons/{signs_in}/home", HOME),
    Case("a home that is not there", "planner", "GET /people/me/home"),
    Case("somebody else's order", "consumer", "GET /orders/{order}"),
    Case("a change after the cut-off", "planner", "POST /orders/{order}/cancellation"),
    Case("a cycle of another house", "planner elsewhere", "GET /cycles/{cycle}/orders"),
    Case("opening twice", "planner", "POST /cycles/{cycle}/opening"),
    Case("opening after the cut-off", "planner", "POST /cycles/{late_draft}/opening"),
    Case("a cut-off after the collection", "planner", "POST /cycles/{open}/extension", TOO_FAR, {"if-match": '"2"'}),
    Case("a price that rises", "planner", "PUT /cycles/{open}/listings/{open_listing}/price", DEARER, PRICED),
    Case("another tax on what is ordered", "planner", "PUT /cycles/{open}/listings/{open_listing}", RELISTED, PRICED),
    Case("a hub that is not one's own", "planner elsewhere", "GET /vehicles?hub_id={hub}"),
    Case("sharing out before the farms have answered", "planner", "POST /cycles/{cycle}/dispatch/share"),
    Case("a stop that is moved nowhere", "planner", "POST /plans/{plan}/edits", {"moves": [NOWHERE]}),
    Case("a version that breaks rules", "planner", "POST /plans/{broken_plan}/publish"),
    Case("a version of what is not so", "planner", "POST /plans/{supposed_plan}/publish"),
    Case("what if nothing were otherwise", "planner", "POST /cycles/{cycle}/what-ifs", {}),
    Case("what if without a stranger", "planner", "POST /cycles/{cycle}/what-ifs", {"without_farms": ["{nothing}"]}),
    Case("one question more than wait at once", "planner", "POST /cycles/{cycle}/what-ifs", {"km_percent": 120}),
    Case("a pin at a trip that is none", "planner", "POST /plans/{plan}/holds", {"kind": "trip", "number": 99}),
    Case("a tolerance below what is wanted", "consumer elsewhere", "POST /cycles/{open}/orders", LESS_THAN_WANTED),
    Case("a swap for nothing", "consumer elsewhere", "POST /cycles/{open}/orders", SWAP_FOR_NOTHING),
    Case("a second order", "buyer", "POST /cycles/{open}/orders", LATE | {"lines": ONE_BAG}),
    Case("a provider without an account", "buyer", "POST /orders/{mine}/checkout", {"method": "stripe"}),
    Case("a method that is none", "buyer", "POST /orders/{mine}/checkout", {"method": "shells"}),
    Case("a card's number", "buyer", "POST /orders/{mine}/checkout", CARD),
    Case("credit that is not there", "buyer", "POST /orders/{mine}/checkout", {"method": "credit"}),
    Case("somebody else's checkout", "consumer", "POST /orders/{order}/checkout", {"method": "credit"}),
    Case("a checkout after the cut-off", "late consumer", "POST /orders/{order}/checkout", {"method": "pick-up"}),
    Case("somebody else's payment", "consumer", "GET /orders/{order}/payment"),
    Case("leaving a point that nobody else leads", "leader", "DELETE /points/{point}/leaders/me"),
    Case("ending somebody's part at no point of one's own", "leader", "DELETE /points/{nothing}/leaders/{me}"),
    Case("a negative amount of credit", "planner", "POST /hubs/{hub}/credits", CREDIT),
    Case("a call that no provider signed", "nobody", "POST /webhooks/stripe", b'{"type": "payment_intent.succeeded"}'),
    Case("a claim before anything was handed out", "late consumer", "POST /orders/{order}/claims", CLAIM),
    Case("a claim about somebody else's order", "consumer", "POST /orders/{order}/claims", CLAIM),
    Case("a photo that is none", "late consumer", "POST /orders/{order}/claims", CLAIM | {"photos": [NO_PHOTO]}),
    Case("a photo of 3 MB", "late consumer", "POST /orders/{order}/claims", CLAIM | {"photos": [HUGE_PHOTO]}),
    Case("four photos", "late consumer", "POST /orders/{order}/claims", CLAIM | {"photos": [NO_PHOTO] * 4}),
    Case("a claim that is none", "planner", "POST /claims/{nothing}/decline", {"reason": "Whole"}),
    Case("an arrival before the goods are shared", "leader", ARRIVAL, {"counts": [CAME]}),
    Case("an arrival at somebody else's point", "planner elsewhere", ARRIVAL, {"counts": [CAME]}),
    Case("four photos of one arrival", "leader", ARRIVAL, {"counts": [CAME | {"photo": NO_PHOTO}] * 4}),
    Case("a credit note before the settlement", "planner", "POST /orders/{order}/charge/credit-notes", NOTE),
    Case("settling a cycle before its end", "planner", "POST /cycles/{cycle}/settlement"),
    Case("an IBAN cut off", "farmer", "POST /organisations/{farm_house}/bank-details", {"holder": "A", "iban": "DE89"}),
    Case("a part that is more than all", "farmer", "POST /confirmations/{request}/answer", TOO_LARGE_A_PART),
    Case("a no without a reason", "farmer", "POST /confirmations/{request}/answer", {"reply": "declined"}),
    Case("somebody else's question", "farmer elsewhere", "GET /confirmations/{request}"),
    Case("a link that is cut off", "nobody", "GET /answers/abc"),
)  # fmt: skip
