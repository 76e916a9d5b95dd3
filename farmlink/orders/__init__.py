"""Orders: who wants how much of what, handed out where; one per consumer and cycle, to be changed until the cut-off."""
