"""Money in double entry: whose it is, where it lies and how it moved; append-only, and every entry sums to zero."""
