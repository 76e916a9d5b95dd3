"""What is known of each set of depots, and which one deserves the next search."""

import math

from solver.location.estimate import Estimate
from solver.location.measure import measured
from solver.location.trials import Trial, Trials, within_room
from solver.location.verify import Tour
from tests.solver.location.made import small

GOOD = (Tour(0, (0, 1)), Tour(1, (2, 3)))


class TestTrials:
    def estimates(self) -> list[Estimate]:
        return [Estimate((0,), 100, 900), Estimate((1,), 100, 920), Estimate((2,), 100, 2000)]

    def test_the_most_promising_is_tried_first(self) -> None:
        assert Trials(self.estimates()).next() == (0,)

    def test_what_was_tried_is_tried_again_while_it_may_still_be_the_best(self) -> None:
        trials = Trials(self.estimates())
        trials.learn(Trial((0,), GOOD, 1000, 1))
        assert trials.next() == (0,)
        trials.learn(Trial((0,), GOOD, 1000, 10))
        assert trials.next() == (1,)

    def test_now_and_then_an_untried_set_is_tried_whatever_its_estimate(self) -> None:
        trials = Trials([self.estimates()[0], self.estimates()[2]])
        trials.learn(Trial((0,), GOOD, 1000, 10))
        assert trials.next() == (0,)
        trials.learn(Trial((0,), GOOD, 1000, 11))
        assert trials.next() == (2,)

    def test_estimates_are_corrected_by_what_the_tried_cost(self) -> None:
        trials = Trials([*self.estimates(), Estimate((3,), 1000, 100)])
        trials.learn(Trial((0,), GOOD, 1900, 10))
        assert trials.next() == (3,)

    def test_a_set_without_routes_is_still_worth_its_estimate(self) -> None:
        trials = Trials(self.estimates()[:1])
        trials.learn(Trial((0,), None, math.inf, 1))
        trials.learn(Trial((7,), None, math.inf, 1))
        assert trials.next() == (0,)
        assert trials.best() is None

    def test_the_cheapest_are_kept(self) -> None:
        tried = [Trial((depot,), GOOD, cost, 1) for depot, cost in enumerate((5.0, 3.0, 4.0))]
        trials = Trials((), tried)
        assert [trial.opened for trial in trials.kept(2)] == [(1,), (2,)]
        assert trials.best() == tried[1]

    def test_a_plan_must_serve_everybody_and_fit_into_the_depots(self) -> None:
        scaled = measured(small())
        assert within_room(scaled, GOOD)
        assert not within_room(scaled, GOOD[:1])
        assert not within_room(scaled, (Tour(0, (0, 1)), Tour(0, (2,)), Tour(1, (3,))))
