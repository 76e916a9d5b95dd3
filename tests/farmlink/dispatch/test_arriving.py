"""What the leader of a point counts when the truck has come: their record, until the hand-out begins."""

from __future__ import annotations

import pytest

from farmlink.cycles.values import ListingId
from farmlink.dispatch import commands, queries, rules
from farmlink.dispatch.rules import arriving
from farmlink.dispatch.values import ArrivalView, Arrived
from farmlink.kernel.errors import MissingError
from farmlink.kernel.ids import uuid7
from farmlink.kernel.pictures import bare
from farmlink.people.values import PersonId
from farmlink.store import pictures
from farmlink.store.check import check
from farmlink.store.pictures import PictureId
from farmlink.store.store import Store
from tests.farmlink.dispatch.builders import Goods
from tests.farmlink.kernel.drawn import PNG

LEADER = PersonId(uuid7())
PHOTO = bare(PNG)
BAGS = ListingId(uuid7())
SENT = ArrivalView(listing_id=BAGS, sent=50)


class Unloaded(Goods):
    """Thirty and twenty bags that were sent to the point."""

    def bags(self) -> ListingId:
        return self.orders[0].lines[0].listing_id

    def arrive(self, *counts: Arrived) -> int:
        return self.store.run(commands.arrive, self.cycle_id, self.market.point.id, counts, LEADER)

    def arrived(self) -> ArrivalView:
        (view,) = self.store.read(queries.arrival, self.cycle_id, self.market.point.id)
        return view


@pytest.fixture
def goods(store: Store) -> Unloaded:
    goods = Unloaded.closed(store).confirmed()
    goods.receive()
    goods.share()
    return goods


def test_what_came_stands_beside_what_was_sent_and_is_told_to_planners_if_it_differs(goods: Unloaded) -> None:
    assert goods.arrived() == ArrivalView(listing_id=goods.bags(), sent=50_000)
    assert goods.arrive(Arrived(goods.bags(), 50_000)) == 1
    assert goods.store.read(queries.amiss, goods.cycle_id) == {}
    assert goods.arrive(Arrived(goods.bags(), 48_000, 3_000, PHOTO)) == 1
    view = goods.arrived()
    assert (view.sent, view.counted, view.missing, view.damaged) == (50_000, 48_000, 2_000, 3_000)
    assert goods.store.read(queries.amiss, goods.cycle_id) == {goods.market.point.id: [view]}
    assert check(goods.store) == []


def test_the_same_count_again_changes_nothing_and_another_corrects_it(goods: Unloaded) -> None:
    goods.arrive(Arrived(goods.bags(), 48_000, 3_000, PHOTO))
    photo = goods.arrived().picture_id
    assert goods.arrive(Arrived(goods.bags(), 48_000, 3_000)) == 0
    assert goods.arrive(Arrived(goods.bags(), 49_000, 1_000)) == 1
    assert (goods.arrived().counted, goods.arrived().picture_id) == (49_000, photo)
    assert goods.arrive(Arrived(goods.bags(), 49_000, 1_000, PHOTO)) == 1
    assert photo is not None
    with pytest.raises(MissingError):
        goods.store.read(pictures.picture, photo)
    assert goods.arrive(Arrived(goods.bags(), 50_000)) == 1
    assert goods.arrived().picture_id is None


def test_once_the_hand_out_has_begun_nothing_is_counted_any_more(goods: Unloaded) -> None:
    goods.arrive(Arrived(goods.bags(), 49_000))
    assert not goods.store.read(queries.has_begun, goods.cycle_id, goods.market.point.id)
    goods.hand_out(goods.orders[0])
    assert goods.store.read(queries.has_begun, goods.cycle_id, goods.market.point.id)
    with pytest.raises(arriving.HandOutBegunError):
        goods.arrive(Arrived(goods.bags(), 50_000))
    assert goods.arrive(Arrived(goods.bags(), 49_000)) == 0


def test_before_the_goods_are_shared_nothing_was_sent_to_a_point(store: Store) -> None:
    goods = Unloaded.closed(store).confirmed()
    with pytest.raises(rules.NotSharedError):
        goods.arrive(Arrived(goods.bags(), 1_000))


def test_a_photo_of_the_damage_is_shown_at_its_arrival_and_goes_with_who_sent_it(goods: Unloaded) -> None:
    goods.arrive(Arrived(goods.bags(), 50_000, 3_000, PHOTO))
    where, photo = (goods.cycle_id, goods.market.point.id), goods.arrived().picture_id
    assert photo is not None
    assert goods.store.read(queries.arrival_picture, *where, photo) == PHOTO
    with pytest.raises(MissingError):
        goods.store.read(queries.arrival_picture, *where, PictureId(uuid7()))
    assert goods.store.run(pictures.forget_pictures_of, LEADER) == 1
    assert (goods.arrived().picture_id, goods.arrived().damaged) == (None, 3_000)


@pytest.mark.parametrize(
    ("counts", "refused"),
    [
        ([Arrived(ListingId(uuid7()), 1)], arriving.NotSentHereError),
        ([Arrived(BAGS, 50), Arrived(BAGS, 49)], arriving.ListedTwiceError),
        ([Arrived(BAGS, -1)], arriving.MoreCameError),
        ([Arrived(BAGS, 101)], arriving.MoreCameError),
        ([Arrived(BAGS, 10, 11)], arriving.MoreDamagedError),
        ([Arrived(BAGS, 10, -1)], arriving.MoreDamagedError),
    ],
)
def test_a_count_that_cannot_be_meant_is_refused(counts: list[Arrived], refused: type[Exception]) -> None:
    with pytest.raises(refused):
        arriving.recounted([SENT], counts)


def test_a_crate_too_many_is_amiss_and_makes_nothing_missing() -> None:
    assert arriving.recounted([SENT], [Arrived(BAGS, 100)]) == [Arrived(BAGS, 100)]
    assert arriving.missing_of(50, 60) == 0
    assert arriving.is_amiss(ArrivalView(listing_id=BAGS, sent=50, counted=60))
    assert not arriving.is_amiss(SENT)
