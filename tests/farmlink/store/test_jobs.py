from threading import Thread

import pytest

from farmlink.kernel.ids import uuid7
from farmlink.store.jobs import Claim, LeaseLostError, claim, finish, give_up, renew
from farmlink.store.store import Store

CYCLE = uuid7()


def claimed(store: Store, who: str = "one", slot: str = "close") -> Claim | None:
    return store.by(who).run(claim, "cycle", CYCLE, slot, 60)


def end_leases(store: Store) -> None:
    store.run(lambda tx: tx.execute("UPDATE job_run SET leased_until_at = now() - interval '1 second'"))


def test_a_due_slot_is_claimed_once(store: Store) -> None:
    mine = claimed(store)
    assert mine is not None
    assert claimed(store, "two") is None
    store.run(finish, mine)
    end_leases(store)
    assert claimed(store, "two") is None


def test_other_slots_and_subjects_are_claimed_beside_it(store: Store) -> None:
    assert claimed(store, slot="close")
    assert claimed(store, slot="lapse")
    assert store.run(claim, "cycle", uuid7(), "close", 60)


def test_a_worker_that_slept_through_its_lease_cannot_finish(store: Store) -> None:
    sleeper = claimed(store)
    end_leases(store)
    heir = claimed(store, "two")
    assert sleeper
    assert heir
    assert heir.token == sleeper.token + 1
    for late in (finish, give_up):
        with pytest.raises(LeaseLostError, match="taken over cycle for close"):
            store.run(late, sleeper)
    with pytest.raises(LeaseLostError):
        store.run(renew, sleeper, 60)
    store.run(finish, heir)
    with pytest.raises(LeaseLostError):
        store.run(finish, heir)


def test_a_renewed_lease_is_not_taken_over(store: Store) -> None:
    mine = claimed(store)
    assert mine
    end_leases(store)
    store.run(renew, mine, 60)
    assert claimed(store, "two") is None
    store.run(finish, mine)


def test_what_was_given_up_is_taken_up_again(store: Store) -> None:
    mine = claimed(store)
    assert mine
    store.run(give_up, mine)
    assert claimed(store, "two")


def test_of_many_schedulers_one_gets_the_slot(store: Store) -> None:
    got: list[Claim | None] = []
    schedulers = [Thread(target=lambda who=who: got.append(claimed(store, str(who)))) for who in range(8)]
    for scheduler in schedulers:
        scheduler.start()
    for scheduler in schedulers:
        scheduler.join(30)
    assert len(got) == 8
    assert sum(one is not None for one in got) == 1
