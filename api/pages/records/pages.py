"""The pages of a kind of record: a list with a search, and a form that makes one or changes what was seen."""

from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from types import MappingProxyType
from typing import Any, ClassVar, Final
from uuid import UUID

import msgspec
from litestar import Controller, Response, get, post
from litestar.params import FromPath, FromQuery
from litestar.response import Redirect

from api.accepts import OPT_ACCEPTS
from api.auth import FORM
from api.dependencies import ActingStore, AskedPage, Asking, Language
from api.pages.forms import Filled, Sent, blank, key_of, refilled
from api.pages.page import Asked, page
from api.pages.records.fields import Group, all_fields, at_fields, read_body, started, typed, written
from api.pages.records.record import Record, Who, id_of
from api.pages.records.several import WEEKDAYS
from farmlink.kernel.errors import RefusedError, StaleError
from farmlink.kernel.locale import render

BELONGS: Final = frozenset({"hub_id", "product_id"})
"""To what a new record belongs: our own links say it, and a stranger's can say no more."""
TAKEN: Final = {OPT_ACCEPTS: FORM}


class RecordPages(Controller):
    """The pages of one kind; a subclass names its record, its address and for whom it is."""

    include_in_schema = False
    record: ClassVar[Record[Any]]

    @get("", sync_to_thread=True)
    def listed(
        self,
        request: Asked,
        store: ActingStore,
        principal: Asking,
        language: Language,
        paging: AskedPage,
        q: FromQuery[str] = "",
    ) -> Response[Any]:
        """List them, or those of a name."""
        who = Who(store, principal, language, request.query_params)
        found = self.record.found(who, q.strip(), paging)
        return page(
            self.record.list_page,
            request,
            record=self.record,
            found=found,
            q=q.strip(),
            addable=self.record.addable(who),
            beside=self.record.beside(who, None),
        )

    @get("/new", sync_to_thread=True)
    def fresh(self, request: Asked, store: ActingStore, principal: Asking, language: Language) -> Response[Any]:
        """Show the form of a new one; to what it belongs the address may say, and nothing else."""
        who = Who(store, principal, language, request.query_params)
        offered = {name: [str(one) for one, _ in all_] for name, all_ in self.record.choices(who, None).items()}
        chosen = {name: all_[0] for name, all_ in offered.items() if len(all_) == 1}
        chosen |= {name: key for name, key in who.given.items() if name in BELONGS and key in offered.get(name, ())}
        currency = self.record.currency(who, None, chosen)
        return _form(request, who, self.record, blank(**started(self.record.groups(who, None), currency) | chosen))

    @post("", opt=TAKEN, sync_to_thread=True)
    def make(
        self, request: Asked, store: ActingStore, principal: Asking, language: Language, data: Sent
    ) -> Response[Any]:
        """Make one."""
        who = Who(store, principal, language, request.query_params)
        try:
            body = self._read(who, None, data)
            made = self.record.make(who, key_of(data), body)
        except RefusedError as refusal:
            return _form(request, who, self.record, self._refilled(who, None, data, refusal))
        return Redirect(self.record.leads_to(made), status_code=303)

    @get("/{record_id:uuid}", sync_to_thread=True)
    def shown(
        self, request: Asked, store: ActingStore, principal: Asking, language: Language, record_id: FromPath[UUID]
    ) -> Response[Any]:
        """Show one as it stands, to be changed."""
        who = Who(store, principal, language, request.query_params)
        card = self.record.one(who, record_id)
        return _form(request, who, self.record, blank(**_as_it_stands(who, self.record, card)), card)

    @post("/{record_id:uuid}", opt=TAKEN, sync_to_thread=True)
    def change(
        self,
        request: Asked,
        store: ActingStore,
        principal: Asking,
        language: Language,
        record_id: FromPath[UUID],
        data: Sent,
    ) -> Response[Any]:
        """Change one; who comes second is shown what came first, and keeps what they typed."""
        who = Who(store, principal, language, request.query_params)
        card = self.record.one(who, record_id)
        try:
            body = self._read(who, card, data)
            self.record.change(who, card, seen_in(data), body)
        except StaleError as refusal:
            now = self.record.one(who, record_id)
            stands = _as_it_stands(who, self.record, now)
            filled = refilled(data, refusal, language)
            filled = replace(filled, typed=dict(data) | {"revision": stands["revision"]})
            return _form(request, who, self.record, filled, now, _theirs(stands, data))
        except RefusedError as refusal:
            return _form(request, who, self.record, self._refilled(who, card, data, refusal), card)
        return Redirect(self.record.leads_to(record_id), status_code=303)

    def refused(
        self,
        request: Asked,
        who: Who,
        key: UUID,
        refusal: RefusedError,
        kept: Mapping[str, Any] = MappingProxyType({}),
    ) -> Response[Any]:
        """The page of a record with what could not be done said above its form, or at the field that was kept."""
        card = self.record.one(who, key)
        said = refilled(kept, refusal, who.language)
        stands = _as_it_stands(who, self.record, card)
        return _form(request, who, self.record, replace(said, typed=stands | dict(kept)), card)

    def _read(self, who: Who, card: Any, data: Mapping[str, Any]) -> Any:
        groups, currency = self.record.groups(who, card), self.record.currency(who, card, data)
        body = self.record.body(typed(groups, data, currency), card)
        if card is None and (of := id_of(who.given, "product_id")) and "product_id" not in body:
            body["product_id"] = str(of)
        return read_body(body, self.record.shape, groups, currency)

    def _refilled(self, who: Who, card: Any, data: Mapping[str, Any], refusal: RefusedError) -> Filled:
        groups, currency = self.record.groups(who, card), self.record.currency(who, card, data)
        return refilled(_named(data, groups), at_fields(refusal, groups, currency, who.language), who.language)


def _named(data: Mapping[str, Any], groups: tuple[Group, ...]) -> dict[str, Any]:
    """What was sent, with every field there: a box that is not ticked, too, has a place for its message."""
    return {one.name: "" for one in all_fields(groups)} | dict(data)


def seen_in(data: Mapping[str, Any]) -> int:
    """The revision that a form was filled in at."""
    try:
        return msgspec.convert(str(data.get("revision", "")), int, strict=False)
    except msgspec.ValidationError as error:
        raise StaleError from error


def _as_it_stands(who: Who, record: Record[Any], card: Any) -> dict[str, Any]:
    return written(record.groups(who, card), card, record.currency(who, card, {})) | {"revision": card.revision}


def _theirs(stands: Mapping[str, Any], data: Mapping[str, Any]) -> dict[str, str]:
    """What stands there now, where it is not what was typed."""
    return {
        name: str(value)
        for name, value in stands.items()
        if name != "revision" and isinstance(value, str) and _one_way(value) != _one_way(data.get(name, ""))
    }


def _one_way(text: object) -> str:
    return "\n".join(str(text).split())


def _form(
    request: Asked,
    who: Who,
    record: Record[Any],
    form: Filled,
    card: Any = None,
    theirs: Mapping[str, str] | None = None,
) -> Response[Any]:
    return page(
        record.form_page,
        request,
        status=form.status,
        form=form,
        record=record,
        card=card,
        called=record.name_of(card, who.language) if card is not None else "",
        ways=record.ways(who, card) if card is not None else [],
        groups=record.groups(who, card),
        choices=record.choices(who, card),
        currency=record.currency(who, card, form.typed),
        theirs=theirs or {},
        editable=card is None or record.editable(card),
        action=_action(request, record, card),
        beside=record.beside(who, card),
        WEEKDAYS=WEEKDAYS,
        named=partial(_named_choices, who.language),
    )


def _named_choices(language: str, words: Mapping[Any, str]) -> list[tuple[str, str]]:
    return [(str(value), render(said, language)) for value, said in words.items()]


def _action(request: Asked, record: Record[Any], card: Any) -> str:
    """Where the form goes; what the address of a new one said goes along."""
    if card is not None:
        return f"{record.path}/{card.id}"
    return f"{record.path}?{request.url.query}" if request.url.query else record.path
