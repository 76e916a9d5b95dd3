"""Payments: what an order's payer promised, what is held of it, charged at most once, and given back."""
