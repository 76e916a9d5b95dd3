"""No history charges twice, money is conserved, and every hold ends once."""

from __future__ import annotations

from collections import Counter
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from uuid import UUID, uuid4

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from farmlink.kernel.errors import RefusedError as Refusal
from farmlink.ledger.values import Account, AccountKind, EntryKind
from farmlink.payments import commands, queries, rules
from farmlink.payments.values import (
    Booked,
    Charge,
    Method,
    NewPayment,
    Opened,
    Payment,
    State,
    Step,
    StepId,
    StepKind,
    Turn,
)
from farmlink.store.store import Store
from tests.farmlink.payments.builders import YUAN, Purse, difference_minor
from tests.farmlink.payments.histories import (
    ASKED_MINOR,
    HISTORIES,
    METHODS,
    Deed,
    RefusedError,
    booked,
    call_off,
    intent_of,
    leave,
    pay,
    perform,
    standing,
)

NOW = datetime(2031, 9, 4, tzinfo=UTC)
ENDS = {State.CAPTURED, State.DUE, State.COLLECTED, State.RELEASED, State.FAILED}


@dataclass
class OnPaper:
    """A payment, the ledger's balances and the steps that wait: the rules alone, without a database."""

    method: Method
    payment: Payment = field(init=False)
    balances: Counter[Account] = field(default_factory=Counter)
    keys: set[str] = field(default_factory=set)
    kinds: list[EntryKind] = field(default_factory=list)
    waiting: list[Step] = field(default_factory=list)
    done: list[Step] = field(default_factory=list)
    point_id: UUID = field(default_factory=uuid4)
    called_off: bool = False  # and nothing went back since

    def __post_init__(self) -> None:
        self.intent = intent_of(self.method)
        new = NewPayment(
            key=uuid4(),
            about=uuid4(),
            payer_id=uuid4(),
            method=self.method,
            amount_minor=ASKED_MINOR,
            currency=YUAN,
        )
        self.follow(rules.begin(new, NOW, ASKED_MINOR))

    def follow(self, turn: Turn) -> None:
        """Write a turn as the commands do, and judge it as the database does."""
        before = self.payment.state if hasattr(self, "payment") else turn.payment.state
        assert turn.payment.state in {before, *rules.ARROWS.get(before, ())}
        self.payment = turn.payment
        self.waiting = [] if turn.drops else self.waiting
        for step in turn.steps:
            self.called_off = self.called_off and step.kind is not StepKind.REFUND
            self.waiting.append(Step(StepId(uuid4()), step.kind, step.amount_minor, 0, NOW, turn.payment))
        for entry in turn.entries:
            assert entry.key not in self.keys
            assert sum(posting.amount_minor for posting in entry.postings) == 0
            self.keys.add(entry.key)
            self.kinds.append(entry.kind)
            for posting in entry.postings:
                self.balances[posting.account] += posting.amount_minor
        self.judge()

    def judge(self) -> None:
        """What must hold after every deed."""
        one = self.payment
        assert one.captured_minor + one.due_minor + one.collected_minor <= (one.charged_minor or 0)
        assert 0 <= one.refunded_minor <= one.captured_minor <= ASKED_MINOR
        assert 0 <= one.credited_minor <= one.collected_minor
        assert (one.held_minor > 0) == (one.state is State.HELD)
        assert (one.due_minor > 0) == (one.state is State.DUE)
        assert self.balance(AccountKind.HOLD) == -one.held_minor
        paid = one.captured_minor - one.refunded_minor + one.collected_minor - one.credited_minor
        assert self.balance(AccountKind.RECEIVABLE) == -paid
        assert self.kinds.count(EntryKind.HOLD) <= 1
        assert self.kinds.count(EntryKind.CAPTURE) <= 1

    def balance(self, kind: AccountKind) -> int:
        return sum(minor for account, minor in self.balances.items() if account.kind is kind)

    def live(self, deed: Deed) -> None:
        """Do one deed; what is refused changes nothing."""
        name, minor = deed
        with suppress(Refusal):
            if self.payment.reference is not None:
                self.at_the_provider(name)
            match name:
                case "lower":
                    self.follow(rules.lower(self.payment, minor))
                case "release":
                    self.follow(rules.release(self.payment))
                case "settle":
                    charge = Charge(self.payment.about, self.payment.payer_id, minor, YUAN)
                    self.follow(rules.settle(self.payment, charge))
                case "refund":
                    self.follow(rules.refund(self.payment, uuid4(), minor))
                case "collect":
                    self.follow(rules.collect(self.payment, self.point_id, self.payment.due_minor))
                case "step" if self.waiting:
                    self.step(self.waiting.pop(0))

    def at_the_provider(self, name: str) -> None:
        match name:
            case "pay":
                pay(self.intent)
            case "leave":
                leave(self.intent)
            case "look":
                self.follow(rules.seen(self.payment, standing(self.intent), called_off=self.called_off))
            case "repeat" if self.done:
                with suppress(RefusedError):
                    perform(self.intent, self.done[-1])  # answered twice, noted once

    def step(self, step: Step) -> None:
        if step.kind is StepKind.OPEN:
            self.follow(rules.opened(self.payment, Opened("there", "with")))
            return
        if step.kind is StepKind.CANCEL:
            self.called_off = not self.payment.can.hold
            self.follow(rules.called_off(self.payment, step, call_off(self.intent)))
            return
        try:
            perform(self.intent, step)
        except RefusedError:
            self.follow(rules.refused(self.payment, step))
        else:
            self.done.append(step)

    def end(self) -> None:
        """Let everything run out: all steps, and the wait for the payer."""
        while self.waiting:
            self.live(("step", 0))
        if self.payment.state is State.AUTHORISING:
            self.live(("look", 0))
        if self.payment.state is State.AUTHORISING:
            self.follow(rules.give_up(self.payment))
        while self.waiting:
            self.live(("step", 0))
        for deed in ("look", "look", "step", "step"):  # the provider calls, and once more
            self.live((deed, 0))


@settings(max_examples=400)
@given(method=METHODS, history=HISTORIES)
def test_on_paper_no_history_charges_twice_and_money_is_conserved(method: Method, history: list[Deed]) -> None:
    paper = OnPaper(method)
    for deed in history:
        paper.live(deed)
    paper.end()

    assert paper.payment.state in ENDS | {State.PROMISED, State.HELD}
    assert paper.intent.captures <= 1
    if paper.payment.can.online:
        known: dict[UUID, Booked] = {paper.payment.id: booked(paper.intent)}
        kept = {paper.payment.about: paper.balance(AccountKind.PROVIDER)}
        assert difference_minor([paper.payment], kept, known) == 0
        if paper.payment.state is not State.HELD:
            taken = paper.intent.captured_minor - paper.intent.refunded_minor
            assert paper.balance(AccountKind.PROVIDER) == taken


class Lived:
    """The same in the database, by the commands."""

    def __init__(self, store: Store, method: Method) -> None:
        self.purse, self.method, self.intent = Purse(store), method, intent_of(method)
        self.purse.top_up(ASKED_MINOR)
        self.before = self.purse.at_provider(method)
        self.payment_id = self.purse.start(method, ASKED_MINOR).id
        self.last: list[Step] = []

    def payment(self) -> Payment:
        """The payment that was started, failed or not."""
        found = self.purse.store.read(queries.payment_by_id, self.payment_id)
        assert found is not None
        return found

    def at_provider(self) -> int:
        """What this payment left at its provider, by our ledger."""
        return self.purse.at_provider(self.method) - self.before

    def live(self, deed: Deed) -> None:
        purse, (name, minor) = self.purse, deed
        if self.last:
            self.at_the_provider(name)
        with suppress(Refusal):
            match name:
                case "lower":
                    purse.store.run(commands.lower_many, {purse.about: minor})
                case "release":
                    purse.store.run(commands.release_many, [purse.about])
                case "settle":
                    purse.settle(minor)
                case "refund":
                    purse.store.run(commands.refund, uuid4(), purse.about, minor)
                case "collect":
                    due = purse.payment().due_minor
                    purse.store.run(commands.collect, purse.about, purse.point_id, due)
                case "look":
                    purse.store.run(commands.hear, self.method, self.payment_id)
                case "step":
                    self.steps()

    def at_the_provider(self, name: str) -> None:
        match name:
            case "pay":
                pay(self.intent)
            case "leave":
                leave(self.intent)
            case "repeat":
                self.outcome(self.last[-1])

    def steps(self) -> int:
        self.purse.store.run(lambda tx: tx.execute("UPDATE payment_step SET due_at = now() WHERE state = 'waiting'"))
        steps = self.purse.steps()
        for step in steps:
            self.outcome(step)
        self.last += [step for step in steps if step.kind is not StepKind.LOOK]
        return len(steps)

    def outcome(self, step: Step) -> None:
        run = self.purse.store.run
        if step.kind is StepKind.OPEN:
            run(commands.opened, step, Opened("there", "with"))
        elif step.kind is StepKind.LOOK:
            run(commands.see, step, standing(self.intent))
        elif step.kind is StepKind.CANCEL:
            run(commands.called_off, step, call_off(self.intent))
        else:
            try:
                perform(self.intent, step)
            except RefusedError as refusal:
                run(commands.refuse, step, str(refusal))
            else:
                run(commands.done, step)

    def end(self) -> None:
        """Let everything run out, the payer's half hour too."""
        run = self.purse.store.run
        run(lambda tx: tx.execute("UPDATE payment_step SET asked_at = now() - interval '1 hour'"))
        for _ in range(3):  # the provider calls, and again, whatever has come of it
            while self.steps():
                run(lambda tx: tx.execute("UPDATE payment_step SET asked_at = now() - interval '1 hour'"))
            run(commands.hear, self.method, self.payment_id)


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(method=METHODS, history=HISTORIES, final=st.sampled_from(["settle", "release"]))
def test_in_the_database_no_history_charges_twice_and_money_is_conserved(
    store: Store, method: Method, history: list[Deed], final: str
) -> None:
    lived = Lived(store, method)
    for deed in history:
        lived.live(deed)
    lived.live((final, 700))
    lived.end()

    purse, ended = lived.purse, lived.payment()
    assert ended.state in ENDS
    assert lived.intent.captures <= 1
    assert (purse.held(), purse.entries().count("hold") <= 1, purse.entries().count("capture") <= 1) == (0, True, True)
    taken = lived.intent.captured_minor - lived.intent.refunded_minor
    assert lived.at_provider() == taken
    assert ASKED_MINOR - purse.credit() + purse.owed() + purse.in_till() + taken == 0
    if ended.can.online:
        kept = {ended.about: lived.at_provider()}
        assert difference_minor([ended], kept, {ended.id: booked(lived.intent)}) == 0
