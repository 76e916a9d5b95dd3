"""Notify: what happened elsewhere becomes messages to the people it concerns."""
