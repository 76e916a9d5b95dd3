"""What farms offer: lots, their forecasts and their failures."""
