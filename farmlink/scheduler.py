"""What happens by itself: two tables, (job, interval, work) for the ticks and (event, commands) for the relay.

The scheduler only triggers. Due work is found and claimed in the database, so that two schedulers, or one killed at any
point, neither lose a step nor do one twice.
"""

from __future__ import annotations

import logging
import signal
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Final, NamedTuple

from apscheduler.schedulers.background import BackgroundScheduler

from farmlink.claims import commands as claims
from farmlink.claims.values import ClaimDecided, ClaimMade
from farmlink.confirmations import commands as confirmations
from farmlink.confirmations import queries as answers
from farmlink.confirmations.values import (
    AnsweredOnBehalf,
    AnswersComplete,
    ConfirmationAnswered,
    ConfirmationAsked,
    ConfirmationWithdrawn,
    PlanPublished,
)
from farmlink.confirmations.work import plan_due
from farmlink.cycles import commands as cycles
from farmlink.cycles.queries import due
from farmlink.cycles.values import CycleExtended, CycleId, CycleMoved, StockOutdated, ThresholdMoved
from farmlink.demand.values import DemandClosed
from farmlink.dispatch import commands as dispatch
from farmlink.dispatch.queries import unserved_cycles
from farmlink.dispatch.values import CycleFinished, ShortageForeseen
from farmlink.fairness import commands as fairness
from farmlink.kernel.errors import RefusedError
from farmlink.network import commands as network
from farmlink.network.values import PointChanged
from farmlink.notify import commands as notify
from farmlink.notify.work import send_waiting
from farmlink.orders import commands as orders
from farmlink.orders.queries.standing import standing_due
from farmlink.orders.values import (
    LineDropped,
    OrderAdjusted,
    OrderAmended,
    OrderCancelled,
    OrderCheaper,
    OrderPlaced,
    StandingFellShort,
)
from farmlink.payments.values import BooksDiffer, PaymentFellThrough, RefundCredited, RefundStuck
from farmlink.payments.work import ask_after_refunds, pay_waiting, reconcile_nightly
from farmlink.people import commands as people
from farmlink.people.values import (
    ApplicationDecided,
    PersonErased,
    PersonInvited,
    RegistrationAsked,
    RegistrationRepeated,
    ResetAsked,
    SignInCodeAsked,
)
from farmlink.planning import commands as planning
from farmlink.planning.values import PlanMade
from farmlink.settlement import commands as settlement
from farmlink.settlement.values import BankDetailsChanged, OrderCharged, OrderCredited
from farmlink.store import jobs, outbox
from farmlink.store.audit import seal
from farmlink.store.idempotency import forget_keys
from farmlink.store.jobs import Watched, Work
from farmlink.store.outbox import Reactions, Together
from farmlink.store.rooms import import_values
from farmlink.store.store import Store
from farmlink.store.transaction import Transaction
from farmlink.store.values import JobFailing
from farmlink.supply.values import HarvestFailed, SupplyChanged

LOG = logging.getLogger(__name__)


import_values()
KEYS_KEPT: Final = timedelta(days=30)
DELIVERED_KEPT: Final = timedelta(days=30)
WISHED_EVERY_S: Final = 2
GRACE_S: Final = 8.0
"""Work that is still not over so long after a SIGTERM is left as a kill would leave it."""


class Job(NamedTuple):
    """Work that is looked for every so many seconds."""

    name: str
    every_s: int
    work: Work


def each(find: Callable[[Transaction], Iterable[CycleId]], command: Callable[[Transaction, CycleId], object]) -> Work:
    """Run a command for every cycle that a query finds due; the command itself refuses to do it twice."""

    def work(store: Store, *, stop: threading.Event) -> None:
        failures = []
        for cycle_id in store.read(find):
            if stop.is_set():
                break
            try:
                store.run(command, cycle_id)
            except RefusedError:
                LOG.info("%s of cycle %s was refused", name_of(command), cycle_id, exc_info=True)
            except Exception as failure:  # noqa: BLE001  # raised below, when the other cycles have had their turn
                failures.append(failure)
        if failures:
            raise ExceptionGroup(f"{name_of(command)} failed", failures)

    return work


def name_of(command: Callable[..., object]) -> str:
    """A command as logs name it."""
    return f"{command.__module__}.{command.__qualname__}"


def once(*steps: Callable[[Store], object]) -> Work:
    """Take steps that are short enough to be waited for."""

    def work(store: Store, *, stop: threading.Event) -> None:
        for step in steps:
            if not stop.is_set():
                step(store)

    return work


def seal_audit(store: Store) -> None:
    """Chain the audit rows that were written since."""
    store.run(seal)


def pass_claims_on(store: Store) -> None:
    """Leave claims whose leader was silent to the hub's planners."""
    store.run(claims.pass_unanswered_on)


def forget(store: Store) -> None:
    """Let go of what nobody asks for any more: old failed sign-ins and sessions, homes, keys, delivered events.

    Audit rows that were passed over, because a clock or a transaction was more than an hour behind, are sealed here.
    """
    store.run(people.forget_old)
    store.run(orders.forget_left_homes)
    store.run(network.blur_forgotten_homes)
    store.run(forget_keys, KEYS_KEPT)
    store.run(outbox.forget_delivered, DELIVERED_KEPT)
    store.run(seal, from_dawn=True)


JOBS: Final = (
    Job("open", 2, each(due.due_to_open, cycles.open_due)),
    Job("standing", 5, each(standing_due, orders.place_standing)),
    Job("close", 2, each(due.due_to_close, fairness.close_due)),
    Job("stock", 60, each(due.selling, cycles.refresh_available)),
    Job("remind", 60, each(answers.due_to_remind, notify.remind)),
    Job("lapse", 5, each(answers.due_to_lapse, confirmations.lapse)),
    Job("plan", 2, plan_due),
    Job("unserved", 60, each(unserved_cycles, dispatch.end_unserved)),
    Job("overdue", 300, each(due.overdue, notify.say_overdue)),
    Job("claims", 60, once(pass_claims_on)),
    Job("seal", 30, once(seal_audit)),
    Job("send", 3, send_waiting),
    Job("pay", 2, pay_waiting),
    Job("refunds", 60, ask_after_refunds),
    Job("reconcile", 600, reconcile_nightly),
    Job("forget", 3600, once(forget)),
)
REACTIONS: Final[Reactions] = {
    DemandClosed: (planning.plan_closed,),
    CycleMoved: (planning.stop_planning,),
    PointChanged: (cycles.follow_changed_point,),
    HarvestFailed: (confirmations.drop_failed_lot, notify.say_harvest_failed),
    SupplyChanged: (Together(cycles.follow_supply),),
    StockOutdated: (cycles.follow_lots,),
    RegistrationAsked: (notify.welcome,),
    RegistrationRepeated: (notify.say_address_is_known,),
    ResetAsked: (notify.write_reset,),
    SignInCodeAsked: (notify.send_code,),
    PersonInvited: (notify.invite_person,),
    ApplicationDecided: (notify.say_application_decided,),
    OrderPlaced: (Together(notify.confirm_orders),),
    OrderAmended: (Together(notify.confirm_orders),),
    OrderCancelled: (Together(notify.say_orders_cancelled),),
    LineDropped: (Together(notify.say_lines_dropped),),
    OrderCheaper: (Together(notify.say_orders_cheaper),),
    OrderAdjusted: (Together(notify.say_orders_adjusted),),
    StandingFellShort: (Together(notify.say_standing_fell_short),),
    CycleExtended: (notify.say_cut_off_moved,),
    ThresholdMoved: (Together(notify.say_thresholds_moved),),
    PersonErased: (
        orders.end_standing_of_erased,
        orders.cancel_of_erased,
        orders.forget_left_homes,
        network.blur_forgotten_homes,
        claims.forget_of_erased,
        notify.forget_choices,
    ),
    CycleFinished: (
        settlement.settle_finished,
        dispatch.book_shares,
        orders.forget_left_homes,
        network.blur_forgotten_homes,
    ),
    OrderCharged: (Together(notify.say_final_prices),),
    OrderCredited: (Together(notify.say_credited),),
    ClaimMade: (Together(notify.say_claims_made),),
    ClaimDecided: (Together(notify.say_claims_decided),),
    BankDetailsChanged: (Together(notify.say_bank_details_changed),),
    PaymentFellThrough: (Together(notify.say_payments_fell_through),),
    RefundCredited: (Together(notify.say_refunds_credited),),
    RefundStuck: (Together(notify.say_refunds_stuck),),
    BooksDiffer: (Together(notify.say_books_differ),),
    JobFailing: (Together(notify.say_jobs_failing),),
    PlanMade: (notify.say_plan_degraded,),
    PlanPublished: (notify.say_on_standby,),
    ConfirmationAsked: (Together(notify.invite_farmers),),
    ConfirmationWithdrawn: (notify.say_question_withdrawn,),
    ConfirmationAnswered: (Together(notify.say_what_silence_meant),),
    AnsweredOnBehalf: (Together(notify.say_answered_for),),
    AnswersComplete: (dispatch.foresee, notify.say_nothing_served),
    ShortageForeseen: (Together(notify.say_short),),
}


def tick(store: Store) -> None:
    """Do now what is due: relay what was announced, run every job, relay what that announced."""
    outbox.relay_due(store, REACTIONS)
    for job in JOBS:
        job.work(store, stop=threading.Event())
        outbox.relay_due(store, REACTIONS)


def run(store: Store, stop: threading.Event) -> bool:
    """Tick until told to stop; whether all work has ended within the grace time."""
    logging.getLogger("apscheduler").setLevel(logging.ERROR)  # a look that is skipped while one runs is no news
    ticker = BackgroundScheduler(timezone="UTC", job_defaults={"misfire_grace_time": None})
    watched = {job.name: Watched(*job) for job in JOBS}
    for job in JOBS:
        ticker.add_job(watched[job.name], "interval", [store], {"stop": stop}, id=job.name, seconds=job.every_s)
    ticker.add_job(bring_forward, "interval", [store, ticker, watched], seconds=WISHED_EVERY_S)
    ticker.start()
    try:
        outbox.relay_until(store, REACTIONS, stop)
    finally:
        stop.set()
        ending = threading.Thread(target=ticker.shutdown, daemon=True)
        ending.start()
        ending.join(GRACE_S)
    return not ending.is_alive()


def bring_forward(store: Store, ticker: BackgroundScheduler, watched: Mapping[str, Watched]) -> None:
    """Run now what somebody wishes done now; one that runs already is run again when it is over."""
    for name in store.glance(jobs.wished):
        if name in watched:
            watched[name].wished = True
            ticker.modify_job(name, next_run_time=datetime.now(UTC))


@contextmanager
def told_by_signal(*numbers: signal.Signals) -> Iterator[threading.Event]:
    """An event that these signals set, for as long as somebody heeds it.

    Nothing is raised: a signal that arrives inside an import or while an object is let go would be lost.
    """
    stop = threading.Event()
    before = [signal.signal(number, lambda _signal, _frame: stop.set()) for number in numbers]
    try:
        yield stop
    finally:
        for number, handler in zip(numbers, before, strict=True):
            signal.signal(number, handler)
