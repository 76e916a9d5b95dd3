"""What a region, a place and a vehicle may be."""
