"""Which farms, points, hubs and tours are worth it, searched with routes in sight."""
