"""Paper: names of any length and any letters stay inside their columns, pages are counted, the bytes never change."""

from __future__ import annotations

import pytest

from api.pages.paper import NBSP, Label, Leaf, Table, labels, leaves
from tests.api.pages.printed import pages_of

LONG = "Zhang's Two Creeks Organic Family Farm & Sons <Incorporated> 张家两溪有机家庭农场合作社联合社总部" * 3


def of_rows(*names: str) -> Leaf:
    table = Table(("No.", "Place"), (1, 4), [[str(number), name] for number, name in enumerate(names)])
    return Leaf("Trip 1", ["Leaves at 8."], [("", table)], ["Signed"])


def test_the_same_content_is_the_same_paper_to_the_byte() -> None:
    one, two = (leaves("Route sheets", "en", [of_rows("Ann", LONG)]) for _ in range(2))

    assert one == two
    assert one.startswith(b"%PDF-")


def test_names_in_any_letters_are_all_there() -> None:
    page = pages_of(leaves("Route sheets", "zh-CN", [of_rows("Müller & Söhne <b>", "张家农场", "Ann 🍅", "Bo\tLi")]))[0]
    written = page.replace("\n", "")

    assert all(name in written for name in ("Müller & Söhne <b>", "张家农场", "Ann □", "Bo Li"))
    assert "第1页" in written.replace(" ", "")


def test_a_long_name_takes_more_lines_and_loses_nothing() -> None:
    page = pages_of(leaves("Route sheets", "en", [of_rows(LONG)]))[0]

    assert LONG.replace(" ", "") in page.replace("\n", "").replace(" ", "")
    assert max(map(len, page.splitlines())) < len(LONG) / 3


def test_a_long_table_goes_on_over_pages_with_its_heads_and_every_leaf_begins_a_page() -> None:
    pages = pages_of(leaves("Route sheets", "en", [of_rows(*["Ann"] * 90), of_rows("Bo")]))

    assert len(pages) == 4
    assert ["Place" in page for page in pages] == [True] * 4
    assert [f"Page {number} of 4" in page for number, page in enumerate(pages, start=1)] == [True] * 4
    assert [page.count("Trip 1") for page in pages] == [1, 0, 0, 1]


def test_a_row_that_is_higher_than_a_page_goes_on_over_pages_too() -> None:
    goods = [f"{number} kg Apples" for number in range(120)]
    pages = pages_of(
        leaves("Loads", "en", [Leaf("Trip 1", [], [("", Table(("No.", "Goods"), (1, 4), [["1", goods]]))])])
    )

    assert len(pages) > 1
    assert [line for page in pages for line in page.splitlines() if line.endswith("Apples")] == goods


def test_a_latin_text_breaks_between_words_and_never_inside_an_amount() -> None:
    shares = ", ".join(f"{trip}:{NBSP}{trip}00{NBSP}kg" for trip in range(10, 30))
    lines = pages_of(leaves("Picks", "en", [of_rows(shares)]))[0].splitlines()
    broken = [line for line in lines if "kg" in line]

    assert len(broken) > 1
    assert all(line.rstrip(", ").endswith("kg") for line in broken)


def test_nothing_to_print_is_a_page_that_says_what_it_would_be() -> None:
    assert "Labels" in pages_of(labels("Labels", "en", []))[0]
    assert "Delivery notes" in pages_of(leaves("Delivery notes", "en", []))[0]


def test_a_label_holds_names_of_any_length() -> None:
    (page,) = pages_of(labels("Labels", "en", [Label("http://127.0.0.1/lots/1", LONG, (LONG,))]))

    assert page.replace("\n", "").replace(" ", "").count(LONG.replace(" ", "")) == 2


@pytest.mark.parametrize(("many", "pages"), [(1, 1), (12, 1), (13, 2)])
def test_labels_stand_two_across_and_twelve_on_a_page(many: int, pages: int) -> None:
    shown = pages_of(labels("Labels", "en", [Label("http://127.0.0.1/lots/1", "Tomatoes", ("Ann",))] * many))

    assert len(shown) == pages
    assert sum(page.count("Tomatoes") for page in shown) == many
