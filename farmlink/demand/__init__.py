"""Demand: at the cut-off, many small orders become a few large batches."""
