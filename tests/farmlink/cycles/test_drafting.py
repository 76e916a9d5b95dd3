from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import pytest

from farmlink.cycles import commands, queries
from farmlink.cycles.rules.refusals import CycleOpenedError
from farmlink.kernel.errors import InvalidError, MissingError, RefusedError, StaleError
from farmlink.kernel.ids import uuid7
from farmlink.kernel.page import Paging
from farmlink.network import commands as network
from farmlink.network.values import PointId
from farmlink.people.values import PersonId
from tests.farmlink.cycles.builders import COLLECT_ON, Market
from tests.farmlink.planning.builders import run_sql


def test_wall_time_at_the_hub_becomes_the_right_instant_on_both_sides_of_the_clock_change(market: Market) -> None:
    cycle = market.draft(
        opens=datetime(2026, 10, 26, 8),  # noqa: DTZ001  # wall time in the hub's zone is what is tested
        closes=datetime(2026, 11, 2, 8),  # noqa: DTZ001  # the clocks went back on 1 November
        collect_on=date(2026, 11, 3),
        hand_out_on=date(2026, 11, 4),
    )

    assert cycle.opens_at == datetime(2026, 10, 26, 12, tzinfo=UTC)
    assert cycle.closes_at == datetime(2026, 11, 2, 13, tzinfo=UTC)
    assert (cycle.time_zone, cycle.currency) == ("America/Detroit", "USD")


def test_next_weeks_copy_opens_at_the_same_wall_time_after_the_clock_change(market: Market) -> None:
    cycle = market.draft(
        opens=datetime(2031, 10, 27, 12, tzinfo=UTC),
        closes=datetime(2031, 10, 31, 22, tzinfo=UTC),
        collect_on=date(2031, 11, 1),
        hand_out_on=date(2031, 11, 2),
        private=True,
        markup_ppm=180_000,
    )
    bags, _ = market.list_apples(cycle.id, cap=40_000, threshold=5000, tax_ppm=60_000)
    guest = market.person()
    market.store.run(commands.invite, cycle.id, [guest])

    copy = market.store.run(commands.copy, cycle.id)

    assert copy.opens_at == datetime(2031, 11, 3, 13, tzinfo=UTC)
    assert copy.closes_at == datetime(2031, 11, 7, 23, tzinfo=UTC)
    assert (copy.collect_on, copy.hand_out_on) == (date(2031, 11, 8), date(2031, 11, 9))
    assert (copy.stage, copy.private, copy.markup_ppm) == ("draft", True, 180_000)
    sold = market.store.read(queries.listings, copy.id)
    old = market.store.read(queries.listings, cycle.id)
    assert sorted((listing.price_minor_per_1000, listing.tax_ppm, listing.threshold) for listing in sold) == sorted(
        (listing.price_minor_per_1000, listing.tax_ppm, listing.threshold) for listing in old
    )
    assert bags not in {listing.id for listing in sold}
    assert market.store.read(queries.served_points, copy.id) == (market.point.id,)
    market.store.run(commands.open_cycle, copy.id)
    assert market.store.read(queries.seen_cycle, copy.id, guest).id == copy.id


def test_copies_repeat_the_planned_cut_off_where_the_clocks_skipped_it(market: Market) -> None:
    skipping = market.draft(
        opens=datetime(2032, 3, 7, 8),  # noqa: DTZ001  # wall time in the hub's zone is what is tested
        closes=datetime(2032, 3, 14, 2, 30),  # noqa: DTZ001  # the clocks went from 2 to 3 at that hour
        collect_on=date(2032, 3, 14),
        hand_out_on=date(2032, 3, 15),
    )
    next_week = market.store.run(commands.copy, skipping.id)
    week_after = market.store.run(commands.copy, next_week.id)

    closes = [cycle.closes_at for cycle in (skipping, next_week, week_after)]

    assert closes == [datetime(2032, 3, day, hour, 30, tzinfo=UTC) for day, hour in ((14, 7), (21, 6), (28, 6))]


def test_a_copy_onto_the_day_of_the_clock_change_does_not_forget_what_was_planned(market: Market) -> None:
    before = market.draft(
        opens=datetime(2032, 3, 1, 8),  # noqa: DTZ001  # wall time in the hub's zone is what is tested
        closes=datetime(2032, 3, 7, 2, 30),  # noqa: DTZ001  # the clocks change a week later
        collect_on=date(2032, 3, 7),
        hand_out_on=date(2032, 3, 8),
    )
    on_the_day = market.store.run(commands.copy, before.id)
    after = market.store.run(commands.copy, on_the_day.id)

    assert on_the_day.closes_at == datetime(2032, 3, 14, 7, 30, tzinfo=UTC)
    assert after.closes_at == datetime(2032, 3, 21, 6, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"closes": datetime(2020, 1, 1, tzinfo=UTC)}, "closes"),
        ({"collect_on": date(2020, 1, 1)}, "collect_on"),
        ({"hand_out_on": date(2031, 9, 3)}, "hand_out_on"),
        ({"hand_out_on": COLLECT_ON + timedelta(days=8)}, "hand_out_on"),
        ({"answer_hours": 0}, "answer_hours"),
        ({"threshold_minor": -1}, "threshold_minor"),
    ],
)
def test_terms_that_can_never_be_right_are_refused_by_name(
    market: Market, wrong: dict[str, object], field: str
) -> None:
    with pytest.raises(InvalidError) as refused:
        market.draft(**wrong)

    assert refused.value.facts["field"] == field


def test_a_draft_changes_until_somebody_else_changed_it(market: Market) -> None:
    draft = market.draft()

    changed = market.store.run(commands.change, draft.id, draft.revision, market.terms(minimum_order_minor=2000))

    assert changed.minimum_order_minor == 2000
    with pytest.raises(StaleError):
        market.store.run(commands.change, draft.id, draft.revision, market.terms())


def test_an_open_cycle_keeps_its_terms(market: Market) -> None:
    cycle_id, _, _ = market.open()

    with pytest.raises(CycleOpenedError):
        market.store.run(commands.change, cycle_id, market.cycle(cycle_id).revision, market.terms())


def test_a_cycle_serves_only_approved_points_of_its_region(market: Market) -> None:
    waiting = market.store.run(network.add_point, market.country.point_draft("Not yet"))

    assert market.store.read(queries.served_points, market.draft().id) == (market.point.id,)
    for point_id in (waiting.id, PointId(uuid7())):
        with pytest.raises(MissingError, match="point"):
            market.draft(point_ids=(point_id,))


def test_a_private_cycle_is_there_for_its_guests_alone(market: Market) -> None:
    cycle_id, bags, _ = market.open(private=True)
    guest, stranger = market.person(), market.person()
    with pytest.raises(MissingError, match="person"):
        market.store.run(commands.invite, cycle_id, [guest, PersonId(uuid7())])
    assert market.store.run(commands.invite, cycle_id, [guest]) == 1
    assert market.store.run(commands.invite, cycle_id, [guest]) == 0

    assert [found.id for found in market.store.read(queries.open_cycles, Paging(), viewer=guest).items] == [cycle_id]
    assert market.store.read(queries.open_cycles, Paging(), viewer=stranger).items == []
    for viewer in (stranger, None):
        with pytest.raises(MissingError):
            market.store.read(queries.seen_cycle, cycle_id, viewer)
    assert isinstance(market.try_to_place(cycle_id, {bags: 1}, consumer_id=stranger).refusal, MissingError)
    market.place(cycle_id, {bags: 1}, consumer_id=guest)


def test_a_draft_does_not_exist_for_consumers(market: Market) -> None:
    with pytest.raises(MissingError):
        market.store.read(queries.seen_cycle, market.draft().id, market.person())


def test_open_cycles_are_found_by_pick_up_point_page_by_page(market: Market) -> None:
    elsewhere = market.country.point("Elsewhere")
    both, _, _ = market.open()
    here, _, _ = market.open(point_ids=(market.point.id,))
    late, _, _ = market.open()
    market.close_in(late, -1)

    def found(paging: Paging, point_id: PointId) -> list[object]:
        page = market.store.read(queries.open_cycles, paging, point_id=point_id)
        return [[cycle.id for cycle in page.items], page.next]

    assert found(Paging(), elsewhere.id) == [[both], None]
    assert found(Paging(limit=1), market.point.id) == [[both], both]
    assert found(Paging(limit=1, after=both), market.point.id) == [[here], None]


def test_planners_list_cycles_by_hub_region_and_stage(market: Market) -> None:
    draft = market.draft()
    open_id, _, _ = market.open()
    other = market.country.hub("Flint")

    def found(**chosen: object) -> list[object]:
        return [cycle.id for cycle in market.store.read(queries.cycles, Paging(), **chosen).items]  # type: ignore[arg-type]  # the filters under test

    assert found(hub_ids=[market.hub.id]) == [draft.id, open_id]
    assert found(hub_ids=[other.id]) == []
    assert found(region_id=market.country.region.id, stage=draft.stage) == [draft.id]
    assert [cycle.id for cycle in market.store.read(queries.cycles, Paging(after=draft.id)).items] == [open_id]


def test_the_countdown_goes_by_the_servers_clock(market: Market) -> None:
    cycle_id, _, _ = market.open()
    market.close_in(cycle_id, 3_600_000)

    cycle = market.cycle(cycle_id)

    assert timedelta(minutes=59) < cycle.closes_at - cycle.server_at <= timedelta(hours=1)


@pytest.mark.parametrize(
    ("days", "field"),
    [
        ({"hand_out_on": COLLECT_ON + timedelta(days=8)}, "hand_out_on"),
        ({"hand_out_on": date(2200, 1, 1)}, "hand_out_on"),
        ({"collect_on": date(2000, 1, 1)}, "collect_on"),
    ],
)
@pytest.mark.parametrize("command", [commands.open_cycle, commands.copy])
def test_a_draft_of_an_earlier_version_of_which_no_plan_could_be_made_neither_opens_nor_is_copied(
    market: Market, command: Callable[..., object], days: dict[str, date], field: str
) -> None:
    cycle = market.draft()
    market.list_apples(cycle.id)
    for name, day in days.items():
        run_sql(
            market.store, f"UPDATE order_cycle SET {name} = :day WHERE id = :id", day=day, id=cycle.id
        )  # our own column

    with pytest.raises(RefusedError) as refused:
        market.store.run(command, cycle.id)

    assert refused.value.facts["field"] in {field, "days"}
