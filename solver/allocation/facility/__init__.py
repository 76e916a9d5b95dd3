"""Capacitated facility location with split demand."""
