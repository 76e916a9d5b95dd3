"""The fairness ledger: what everybody wanted and got in each cycle, beside the equal share of what there was."""
