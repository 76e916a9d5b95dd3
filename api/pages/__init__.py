"""HTML for people: one package per persona; works without JavaScript."""
