"""Settlement: when a cycle is done, everybody is charged once and paid, line by line, from one ledger."""
