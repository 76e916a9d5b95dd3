"""What happens by itself: due work is found, done once, and one cycle's trouble is not another's."""

from __future__ import annotations

import re
import signal
import subprocess
import sys
import threading
import weakref
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from farmlink import scheduler
from farmlink.confirmations.work import plan_and_publish, plan_due
from farmlink.cycles import queries as cycles
from farmlink.cycles.values import CycleId, Stage
from farmlink.dispatch.values import OrderHandedOut
from farmlink.kernel.errors import RefusedError
from farmlink.kernel.ids import uuid7
from farmlink.orders.values import OrderId
from farmlink.people import commands as people
from farmlink.planning import commands as planning
from farmlink.planning import queries as plans
from farmlink.planning.values import Budget
from farmlink.planning.work import CHILD
from farmlink.store.outbox import relay_due
from farmlink.store.store import Store
from farmlink.store.transaction import Transaction
from farmlink.supply import commands as supply
from tests.farmlink.planning.builders import Season, run_sql

GREEDY = (*CHILD, "--greedy")
QUICK = Budget(iterations=1)


@pytest.fixture
def quick_plans(monkeypatch: pytest.MonkeyPatch) -> None:
    """The same jobs, with the greedy planner in the child."""
    jobs = [job._replace(work=quickly) if job.name == "plan" else job for job in scheduler.JOBS]
    monkeypatch.setattr(scheduler, "JOBS", tuple(jobs))


def quickly(store: Store, *, stop: threading.Event) -> int:
    return plan_due(store, QUICK, command=GREEDY, stop=stop)


@pytest.mark.usefixtures("quick_plans")
def test_from_the_cut_off_to_the_last_promise_nobody_has_to_press_anything(store: Store) -> None:
    season = Season.opened(store)
    run_sql(store, "UPDATE farm SET standing_yes = true")
    season.order(30)
    season.market.close_in(season.cycle_id, -1)
    scheduler.tick(store)
    assert season.stage() is Stage.CONFIRMING
    season.due_now()
    scheduler.tick(store)
    assert season.stage() is Stage.CONFIRMED


@pytest.mark.usefixtures("quick_plans")
def test_a_failed_harvest_is_planned_around_by_itself(store: Store) -> None:
    season = Season.closed(store, lots=(60_000, 60_000), bags=(50,)).confirmed()
    lot_id = min(season.taken())
    store.run(supply.report_failed_harvest, lot_id)
    scheduler.tick(store)
    assert lot_id not in season.taken()


def test_a_draft_opens_when_its_time_has_come(store: Store) -> None:
    season = Season.opened(store)
    now = datetime.now(UTC)
    draft = season.market.draft(opens=now - timedelta(seconds=5), closes=now + timedelta(hours=1))
    season.market.list_apples(draft.id)
    scheduler.tick(store)
    assert store.read(cycles.cycle, draft.id).stage is Stage.OPEN


def test_a_cycle_that_is_refused_does_not_keep_the_others_waiting(store: Store) -> None:
    done: list[CycleId] = []

    def refuse_first(_tx: Transaction, cycle_id: CycleId) -> None:
        if not done:
            done.append(cycle_id)
            raise RefusedError
        done.append(cycle_id)

    season = Season.opened(store)
    first, second = season.cycle_id, season.market.open()[0]
    scheduler.each(lambda _tx: [first, second], refuse_first)(store, stop=threading.Event())
    assert done == [first, second]


def test_a_cycle_that_fails_is_reported_after_the_others_had_their_turn(store: Store) -> None:
    done: list[CycleId] = []

    def break_first(_tx: Transaction, cycle_id: CycleId) -> None:
        done.append(cycle_id)
        if len(done) == 1:
            raise ZeroDivisionError

    season = Season.opened(store)
    first, second = season.cycle_id, season.market.open()[0]
    with pytest.raises(ExceptionGroup) as failed:
        scheduler.each(lambda _tx: [first, second], break_first)(store, stop=threading.Event())
    assert done == [first, second]
    assert [type(error) for error in failed.value.exceptions] == [ZeroDivisionError]


def test_a_scheduler_that_is_told_to_stop_stops(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    looked = threading.Event()

    def look(_store: Store, *, stop: threading.Event) -> None:
        looked.set()

    monkeypatch.setattr(scheduler, "JOBS", (scheduler.Job("look", 1, look),))
    stop = threading.Event()
    thread = threading.Thread(target=scheduler.run, args=(store, stop))
    thread.start()
    assert looked.wait(20)
    stop.set()
    thread.join(20)
    assert not thread.is_alive()


def test_a_scheduler_whose_work_does_not_end_says_so_and_waits_no_longer(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    at_work, let_go, ended = threading.Event(), threading.Event(), list[bool]()

    def hang(_store: Store, *, stop: threading.Event) -> None:
        at_work.set()
        let_go.wait(60)

    monkeypatch.setattr(scheduler, "JOBS", (scheduler.Job("hang", 1, hang),))
    monkeypatch.setattr(scheduler, "GRACE_S", 0.2)
    stop = threading.Event()
    thread = threading.Thread(target=lambda: ended.append(scheduler.run(store, stop)))
    thread.start()
    assert at_work.wait(20)
    stop.set()
    thread.join(20)
    let_go.set()
    assert ended == [False]


def test_work_that_is_told_to_stop_takes_no_further_step(store: Store) -> None:
    stop, done = threading.Event(), list[str]()

    def first(_store: Store) -> None:
        done.append("first")
        stop.set()

    scheduler.once(first, lambda _store: done.append("second"))(store, stop=stop)
    season = Season.opened(store)
    scheduler.each(lambda _tx: [season.cycle_id], lambda _tx, _id: done.append("cycle"))(store, stop=stop)
    assert done == ["first"]


def test_a_scheduler_ends_on_sigterm(database_url: str) -> None:
    program = (
        "import signal, sys; from sqlalchemy import make_url; from farmlink import scheduler;"
        "from farmlink.store.engine import open_engine; from farmlink.store.store import Store;"
        "engine = open_engine(make_url(sys.argv[1])).__enter__();"
        "look = scheduler.Job('look', 1, lambda store, *, stop: print('looked', flush=True)); scheduler.JOBS = (look,);"
        "told = scheduler.told_by_signal(signal.SIGTERM);"
        "scheduler.run(Store(engine, 'scheduler'), told.__enter__())"
    )
    process = subprocess.Popen([sys.executable, "-c", program, database_url], stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    assert process.stdout.readline() == "looked\n"
    process.terminate()
    process.communicate(timeout=30)
    assert process.returncode == 0


def test_a_signal_that_comes_where_nothing_can_be_raised_is_heeded_all_the_same() -> None:
    class Thing: ...

    before = signal.getsignal(signal.SIGTERM)
    with scheduler.told_by_signal(signal.SIGTERM) as stop:
        thing = Thing()
        noticed = weakref.ref(thing, lambda _gone: signal.raise_signal(signal.SIGTERM))
        assert not stop.is_set()
        del thing
        assert noticed() is None
        assert stop.wait(20)
    assert signal.getsignal(signal.SIGTERM) is before


def test_the_scheduler_knows_every_event_of_every_room() -> None:
    program = (
        "import farmlink.scheduler; from farmlink.kernel.events import Event; "
        "print(*sorted(f'{event.__module__}.{event.__qualname__}' for event in Event.known.values()))"
    )
    known = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout.split()
    package = Path(scheduler.__file__).parent
    written = [
        ".".join(("farmlink", *file.relative_to(package).with_suffix("").parts, name)).replace(".__init__.", ".")
        for file in (*package.glob("*/values.py"), *package.glob("*/values/*.py"))
        for name in re.findall(r"^class (\w+)\(Event\)", file.read_text(), re.MULTILINE)
    ]
    assert known == sorted(written)
    assert "farmlink.dispatch.values.OrderHandedOut" in known


def test_what_dispatch_announces_is_delivered(store: Store) -> None:
    store.run(lambda tx: tx.announce(OrderHandedOut(OrderId(uuid7()))))
    relay_due(store, scheduler.REACTIONS)
    delivered = "SELECT delivered_at IS NOT NULL AND attempts = 0 FROM outbox_event"
    assert store.read(lambda tx: tx.execute(delivered).scalar_one())


def test_what_nobody_asks_for_any_more_is_forgotten(store: Store) -> None:
    store.run(people.note_failure, "ann@example.org", "10.0.0.0/24")
    store.once(uuid7(), lock_nothing)
    store.run(lambda tx: tx.execute("UPDATE sign_in_failure SET failed_at = failed_at - interval '1 year'"))
    store.run(lambda tx: tx.execute("UPDATE idempotency_key SET used_at = used_at - interval '31 days'"))
    scheduler.tick(store)
    kept = "SELECT (SELECT count(*) FROM sign_in_failure) + (SELECT count(*) FROM idempotency_key)"
    assert store.read(lambda tx: tx.execute(kept).scalar_one()) == 0


def lock_nothing(_tx: Transaction) -> int:
    return 0


def test_a_plan_that_was_made_by_hand_and_not_published_for_a_crash_is_published_by_itself(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    def crash(_tx: Transaction, _plan_id: object) -> None:
        raise KeyboardInterrupt

    season = Season.closed(store)
    monkeypatch.setattr("farmlink.confirmations.work.commands.publish", crash)
    with pytest.raises(KeyboardInterrupt):
        plan_and_publish(store, season.cycle_id, "command line", QUICK, command=GREEDY)
    monkeypatch.undo()
    assert season.stage() is Stage.PLANNED
    assert plan_due(store, QUICK, command=GREEDY) == 1
    assert (season.stage(), season.wishes()) == (Stage.CONFIRMING, [])


def test_a_plan_that_is_made_by_hand_holds_and_leaves_no_wish(store: Store) -> None:
    season = Season.closed(store)
    plan_id = plan_and_publish(store, season.cycle_id, "command line", QUICK, command=GREEDY)
    assert store.read(plans.published_plan, season.cycle_id) == plan_id
    assert (season.stage(), season.wishes()) == (Stage.CONFIRMING, [])


def test_a_plan_that_waits_ready_is_published_without_planning_again(store: Store) -> None:
    season = Season.closed(store)
    season.relay()
    plan_id = season.plan()
    assert plan_due(store) == 1
    assert store.read(plans.published_plan, season.cycle_id) == plan_id


def test_a_plan_that_promises_outdated_is_made_again_with_the_same_seed(store: Store) -> None:
    season = Season.closed(store, lots=(60_000, 60_000), bags=(30,))
    store.run(planning.wish_plan, season.cycle_id, "planner", 7)
    season.plan()
    run_sql(store, "UPDATE lot SET state = 'withdrawn' WHERE id = :id", id=season.lots[0])
    run_sql(store, "UPDATE lot SET state = 'withdrawn' WHERE id = :id", id=season.lots[1])
    assert plan_due(store) == 0
    (due,) = store.read(plans.due_to_plan)
    assert (due.seed, due.cause, due.ready) == (7, "planner", None)
    assert plan_due(store, QUICK, command=GREEDY) == 1
    assert season.taken() == {}


def test_a_plan_to_look_at_is_not_published(store: Store) -> None:
    season = Season.closed(store)
    store.run(planning.wish_plan, season.cycle_id, "planner", publish=False)
    assert plan_due(store, QUICK, command=GREEDY) == 1
    assert (season.stage(), season.wishes()) == (Stage.PLANNED, [])


def test_a_region_that_another_process_plans_is_left_to_it(store: Store) -> None:
    season = Season.closed(store)
    season.relay()
    store.run(planning.begin_run, season.cycle_id, "elsewhere", 1, publish=True)
    assert plan_due(store) == 0


def test_a_cycle_that_cannot_be_planned_does_not_keep_another_waiting(store: Store) -> None:
    broken = Season.closed(store)
    other_cycle, bags, _ = broken.market.open()
    broken.market.place(other_cycle, {bags: 5})
    other = Season(broken.market, other_cycle)
    other.close()
    broken.relay()
    run_sql(store, "UPDATE order_cycle SET currency = '' WHERE id = :id", id=broken.cycle_id)
    with pytest.raises(ExceptionGroup, match="could not be planned"):
        plan_due(store, QUICK, command=GREEDY)
    assert (broken.stage(), other.stage()) == (Stage.CLOSED, Stage.CONFIRMING)
    assert broken.wishes() == []  # after a failure there is a pause
