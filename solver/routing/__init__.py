"""Collection and delivery routes."""
