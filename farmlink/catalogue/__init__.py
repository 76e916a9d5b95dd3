"""What is sold: products with their grades, and variants as packs of base units."""
