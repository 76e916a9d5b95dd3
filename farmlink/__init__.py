"""The business: many small farms sell as one."""
