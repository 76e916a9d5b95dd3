"""Where it happens: regions, farms, hubs, pick-up points and vehicles."""
