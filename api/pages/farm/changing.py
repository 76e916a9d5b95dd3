"""An offer changed: how much there is by now, and at which price as long as nothing of it is planned."""

from __future__ import annotations

from typing import Annotated, Any, Final
from uuid import UUID

import msgspec
from litestar import Controller, Response, post
from litestar.params import FromPath

from api.body import Fault, FieldsError
from api.dependencies import ActingStore, Asking, Language
from api.pages.farm.amounts import amount_in, placed, price_in, price_typed, quantity_typed
from api.pages.farm.lots import FIELDS, Short, lot_shown, lot_told
from api.pages.farm.own import FARMERS, FOR_FARMERS
from api.pages.farm.told import Goods, goods_in
from api.pages.farm.words import CHANGED
from api.pages.forms import Sent, key_of, read, refilled, taken_by
from api.pages.page import Asked
from api.reach import reach
from farmlink.catalogue.values import BaseUnit
from farmlink.kernel.errors import RefusedError
from farmlink.kernel.locale import marked
from farmlink.people.values import Role
from farmlink.supply import commands, queries, rules
from farmlink.supply.values import LotId

AT: Final = FIELDS | dict.fromkeys(("minimum", "pack", "daily_capacity", "forecast_likely"), FIELDS["quantity"])
PROMISED: Final = marked("{least} of it is planned for people who ordered: offer at least that much.")


class ChangeForm(msgspec.Struct, frozen=True):
    """How much there is, and the price where it may still change; `revision` is the lot that was seen."""

    amount: Short
    revision: Annotated[int, msgspec.Meta(ge=1)]
    price: Short | None = None


class ChangingPages(Controller):
    """What a farm changes of its own offers."""

    path = "/farm/lots/{lot_id:uuid}/change"
    opt = FOR_FARMERS
    include_in_schema = False

    @post("", opt=taken_by(FARMERS), sync_to_thread=True)
    def change(
        self,
        request: Asked,
        store: ActingStore,
        principal: Asking,
        language: Language,
        lot_id: FromPath[UUID],
        data: Sent,
    ) -> Response[Any]:
        """Say how much there is by now, and what it costs."""
        lot = store.read(queries.lot, LotId(lot_id), reach(store, principal, Role.FARMER))
        goods = store.read(goods_in, [lot])[lot.id]
        try:
            form = read(data, ChangeForm)
            change = rules.amended(lot, amount_in("amount", form.amount, goods.product), _price(goods, form.price))
            changed = store.once(key_of(data), commands.change_lot, lot.id, change, form.revision)
        except rules.LotPromisedError as refusal:
            return lot_shown(request, store, principal, lot.id, refilled(data, _promised(refusal, goods), language))
        except RefusedError as refusal:
            said = placed(refusal, AT, language)
            return lot_shown(request, store, principal, lot.id, refilled(data, said, language))
        return lot_told(request, store, language, changed, CHANGED)


def _price(goods: Goods, typed: str | None) -> int:
    """The price that was typed; left as it stood it is what it was, though a piece may cost a part of a cent."""
    stands, currency = goods.lot.ask_minor_per_1000, goods.region.currency
    if typed is None or typed.strip() == price_typed(stands, goods.product, currency):
        return stands
    return price_in("price", typed, goods.product, currency)


def _promised(refusal: RefusedError, goods: Goods) -> FieldsError:
    """What is planned, as farmers count it."""
    least = quantity_typed(int(str(refusal.facts["allocated"])), goods.product)
    unit = " kg" if goods.product.base_unit is BaseUnit.GRAM else ""
    return FieldsError([Fault("amount", refusal.code, PROMISED, {"least": f"{least}{unit}"})])
