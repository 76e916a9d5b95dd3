"""Importing what a cycle sells, by the codes of products and the size of packs."""

from collections.abc import Mapping, Sequence
from typing import Final

from farmlink.catalogue import queries as catalogue
from farmlink.catalogue.values import ProductCard, VariantId
from farmlink.cycles import queries
from farmlink.cycles.commands import add_listings
from farmlink.cycles.commands.listings import MOST_CASE_PACKS, SELLING
from farmlink.cycles.rules.refusals import SellingOverError
from farmlink.cycles.values import CycleId, ListingTerms, Unmet
from farmlink.kernel.bounds import MOST, MOST_PRICE_MINOR
from farmlink.kernel.errors import RefusedError
from farmlink.kernel.locale import marked
from farmlink.kernel.rows import Cells, Columns, RowError, refused
from farmlink.store.sheets import Imported, Request, Sheet, Written, load
from farmlink.store.store import Store
from farmlink.store.transaction import Transaction

COLUMNS: Final = Columns(
    ("product", "grade", "pack"),
    ("price_minor_per_1000", "tax_ppm", "case_packs", "threshold", "unmet", "cap", "variant"),
)
NO_PRODUCT = marked("The catalogue has no product {code}.")
NO_PACK = marked("{product} has no pack of {pack} base units. Add it to the catalogue first.")
TWO_PACKS = marked("{product} has several packs of {pack} base units. Name one in the column variant: {names}.")
LISTED_TWICE = marked("This pack stands in this file twice.")


def import_listings(store: Store, request: Request, cycle_id: CycleId) -> Imported:
    """Import what a cycle sells; a pack that it sells already stays as it is."""

    def sheet(tx: Transaction) -> Sheet[ListingTerms]:
        stage = queries.cycle(tx, cycle_id).stage
        if stage not in SELLING:
            raise SellingOverError(stage=stage)
        products = catalogue.products_by_code(tx)
        sold = {(listing.variant_id, listing.grade) for listing in queries.listings(tx, cycle_id)}
        seen: set[tuple[VariantId, int]] = set()

        def write(tx: Transaction, rows: Sequence[tuple[int, ListingTerms]]) -> Written:
            return _write(tx, rows, sold, seen)

        return Sheet(COLUMNS, lambda cells: _read(cells, cycle_id, products), write)

    return load(store, request, sheet)


def _read(cells: Cells, cycle_id: CycleId, products: Mapping[str, ProductCard]) -> ListingTerms | None:
    product = products.get(code := cells.text("product", 60))
    if code and product is None:
        cells.wrong("product", NO_PRODUCT, code=code)
    pack, grade = cells.whole("pack", 1, MOST), cells.whole("grade", 1, 5)
    price, cap = cells.whole_or_none("price_minor_per_1000", 0, MOST_PRICE_MINOR), cells.whole_or_none("cap", 0, MOST)
    tax = cells.whole_or_none("tax_ppm", 0, 1_000_000) or 0
    threshold = cells.whole_or_none("threshold", 0, MOST) or 0
    case_packs = cells.whole_or_none("case_packs", 1, MOST_CASE_PACKS) or 1
    unmet = cells.choice("unmet", list(Unmet)) if cells.text("unmet", needed=False) else ""
    named = cells.text("variant", needed=False)
    if cells.errors or product is None:
        return None
    variant_id = _pack(cells, product, pack, named)
    if variant_id is None:
        return None
    return ListingTerms(
        cycle_id=cycle_id,
        product_id=product.id,
        grade=grade,
        variant_id=variant_id,
        price_minor_per_1000=price,
        tax_ppm=tax,
        case_packs=case_packs,
        threshold=threshold,
        unmet=Unmet(unmet) if unmet else None,
        cap=cap,
    )


def _pack(cells: Cells, product: ProductCard, pack: int, named: str) -> VariantId | None:
    """The product's pack of that size, and of that name in either language where one is given."""
    fit = [
        variant
        for variant in product.variants
        if variant.quantity == pack and (not named or named in variant.name.values())
    ]
    if not fit:
        cells.wrong("pack", NO_PACK, product=product.code, pack=pack)
    elif len(fit) > 1:
        cells.wrong("pack", TWO_PACKS, product=product.code, pack=pack, names=[one.name["en"] for one in fit])
    return fit[0].id if len(fit) == 1 else None


def _write(
    tx: Transaction,
    rows: Sequence[tuple[int, ListingTerms]],
    sold: set[tuple[VariantId, int]],
    seen: set[tuple[VariantId, int]],
) -> Written:
    fresh, errors, known = [], [], 0
    for line, terms in rows:
        key = (terms.variant_id, terms.grade)
        if key in seen:
            errors.append(RowError(line, "pack", LISTED_TWICE))
        elif key in sold:
            known += 1
        else:
            fresh.append((line, terms))
        seen.add(key)
    refusals = _add(tx, fresh)
    return Written(len(fresh) - len(refusals), known, errors + refusals)


def _add(tx: Transaction, rows: Sequence[tuple[int, ListingTerms]]) -> list[RowError]:
    """List all at once; when one is refused, halve until it is found."""
    if not rows:
        return []
    try:
        with tx.session.begin_nested():
            add_listings(tx, [terms for _, terms in rows])
    except RefusedError as refusal:
        if len(rows) == 1:
            return [refused(rows[0][0], refusal, {"variant_id": "pack"})]
        half = len(rows) // 2
        return _add(tx, rows[:half]) + _add(tx, rows[half:])
    return []
