"""Dispatch: what came in at the hub, what was handed out at the point, and what was short, with its reason."""
