"""How many runs there are, for whoever watches the installation."""

from farmlink.store.transaction import Transaction

RUNS = """
SELECT state, count(*) AS many FROM plan_run GROUP BY state UNION ALL SELECT 'waiting', count(*) FROM plan_wish
"""


def runs_by_state(tx: Transaction) -> dict[str, int]:
    """How many runs are in each state, those that are only wished for among them."""
    return {row.state: row.many for row in tx.execute(RUNS)}
