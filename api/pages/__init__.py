"""HTML for people: one module per persona; works without JavaScript."""
