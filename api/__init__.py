"""The web: JSON under /api/v1, and the pages."""
