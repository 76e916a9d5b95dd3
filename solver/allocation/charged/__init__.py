"""Fixed-charge transportation in columns: lots with a charge for the visit and a minimum, batches, and lanes between.

`allocate` answers with a plan that an independent checker accepted, and a bound below which no plan can cost.
"""
