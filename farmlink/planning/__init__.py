"""Planning: a closed cycle's batches and the farms' lots become a verified, immutable plan."""
