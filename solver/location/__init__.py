"""Location-routing: which depots to open, and the routes from them, decided together."""
