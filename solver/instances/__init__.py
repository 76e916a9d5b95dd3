"""Readers of public benchmark files: VRPLIB, Cordeau, OR-Library."""
