"""Keeping: the database, its transactions, and what every change leaves behind (outbox, idempotency keys, audit)."""
