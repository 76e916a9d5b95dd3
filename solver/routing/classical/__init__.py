"""Routes for the classical classes: capacity, time windows, several depots."""
