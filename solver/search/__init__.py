"""Which farms, points, hubs and rounds are worth it, searched with routes in sight."""
