"""Confirmations: one question per farm's lot, one final answer on all devices, and what silence means."""
