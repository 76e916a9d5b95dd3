"""The operator's pages: what waits, what was done, who may do what, and the rules in force."""
