"""The words every room speaks: money, units, ids, clock, errors, places, languages. No input or output."""
