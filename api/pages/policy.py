"""The public rules: everybody reads them with every figure; an admin publishes the next version."""

from collections.abc import Iterator
from dataclasses import asdict, fields, is_dataclass
from typing import Any

import msgspec
from litestar import Controller, Response, get, post
from litestar.response import Redirect

from api.body import Fault, FieldsError, fault
from api.dependencies import ActingStore, Asking, Language
from api.guards import OPT, anyone, platform
from api.pages.forms import Filled, Sent, blank, key_of, read, refilled, taken_by
from api.pages.page import Asked, page
from api.pages.policy_words import FIGURES, GROUPS, RULES
from api.pages.records.kinds import Scaled, TypedWrongError, Whole
from farmlink.kernel.errors import RefusedError
from farmlink.people.values import Role
from farmlink.policy import commands, queries
from farmlink.policy.values import FIRST, Policy, PolicyDocument, ShortageRule
from farmlink.store.store import Store

ADMINS = platform(Role.ADMIN)
PERCENT = Scaled(places=4, unit="%")
WHOLE = Whole()
Figures = dict[str, list[tuple[str, int]]]


class SeenForm(msgspec.Struct, frozen=True):
    """Which version the author saw."""

    seen: int


class PolicyPages(Controller):
    """What is in force, since when and why; and the next version."""

    include_in_schema = False

    @get("/policy", opt={OPT: anyone}, sync_to_thread=True)
    def current(self, request: Asked, store: ActingStore) -> Response[Any]:
        """Show the version that cycles opening now will pin, and those before it."""
        return page("policy.html", request, zone="UTC", **_document(store))

    @get("/ops/policy", opt={OPT: ADMINS}, sync_to_thread=True)
    def edit(self, request: Asked, store: ActingStore) -> Response[Any]:
        """Show the figures in force, to be changed into the next version."""
        return _form(request, store)

    @post("/ops/policy", opt=taken_by(ADMINS), sync_to_thread=True)
    def publish(
        self, request: Asked, store: ActingStore, principal: Asking, language: Language, data: Sent
    ) -> Response[Any]:
        """Publish the next version; open cycles keep theirs."""
        try:
            document, seen = _read(data), read(data, SeenForm).seen
            reason = str(data.get("reason", "")).strip()
            if not reason:
                raise FieldsError([fault("Object missing required field `reason`")])
            store.once(key_of(data), commands.publish_version, document, reason, seen, principal.person_id)
        except RefusedError as refusal:
            return _form(request, store, refilled(data, refusal, language))
        return Redirect("/policy", status_code=303)


def kind_of(name: str) -> Scaled | Whole:
    """How a figure is written and read: a part of the whole in per cent, all else as the whole number that it is."""
    return PERCENT if name.endswith("_ppm") else WHOLE


def figures(document: PolicyDocument) -> Figures:
    """Every figure of a document by its group: `(name, whole number)`."""
    return {
        group.name: [(one.name, getattr(terms, one.name)) for one in fields(terms)]
        for group in fields(document)
        if is_dataclass(terms := getattr(document, group.name))
    }


def _document(store: Store) -> dict[str, Any]:
    current: Policy = store.read(queries.current)
    return {
        "current": current,
        "figures": figures(current.document),
        "versions": store.read(queries.versions),
        "groups": GROUPS,
        "words": FIGURES,
        "rules": RULES,
        "ours": FIRST.reason,
        "kind_of": kind_of,
    }


def _form(request: Asked, store: Store, filled: Filled | None = None) -> Response[Any]:
    shown = _document(store)
    values = {
        f"{group}.{name}": kind_of(name).said(value, "")
        for group, pairs in shown["figures"].items()
        for name, value in pairs
    }
    current: Policy = shown["current"]
    form = filled or blank(shortage_rule=current.document.shortage_rule, seen=current.version, **values)
    return page("ops/policy.html", request, status=form.status, form=form, **shown)


def _read(sent: dict[str, Any]) -> PolicyDocument:
    """The document as its form says it; every figure that means no number is named."""
    document = asdict(PolicyDocument())
    faults = []
    for group, name in _names():
        try:
            document[group][name] = kind_of(name).meant(str(sent.get(f"{group}.{name}", "")).strip(), "")
        except TypedWrongError as wrong:
            faults.append(Fault(f"{group}.{name}", "form", wrong.message, wrong.facts))
    document["shortage_rule"] = str(sent.get("shortage_rule", ""))
    if document["shortage_rule"] not in {rule.value for rule in ShortageRule}:
        faults.append(fault(f"Invalid enum value '{document['shortage_rule']}'", "shortage_rule"))
    if faults:
        raise FieldsError(faults)
    return msgspec.convert(document, PolicyDocument)


def _names() -> Iterator[tuple[str, str]]:
    for group, pairs in figures(PolicyDocument()).items():
        for name, _ in pairs:
            yield group, name
