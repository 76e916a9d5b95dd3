"""The consumer's pages: choose, order, follow what was ordered, and see where it comes from."""
