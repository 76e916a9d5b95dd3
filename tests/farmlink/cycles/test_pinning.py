from dataclasses import replace

from farmlink.policy import commands as policy
from farmlink.policy.values import FIRST
from tests.farmlink.cycles.builders import Market


def test_a_cycle_keeps_the_policy_under_which_it_opened(market: Market) -> None:
    charges = replace(FIRST.document.charges, commission_ppm=FIRST.document.charges.commission_ppm + 1)
    second = market.store.run(
        policy.publish_version, replace(FIRST.document, charges=charges), "dearer", follows=FIRST.version
    )
    cycle_id, _, _ = market.open()

    market.store.run(policy.publish_version, FIRST.document, "as before", follows=second.version)

    assert market.cycle(cycle_id).policy_version == second.version
