"""Order cycles: when people may order what, from which hub, at which price, and how far the cycle has come."""
