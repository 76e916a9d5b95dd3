"""A season of cycles through the real commands, with all that goes wrong in one, and its books at the end."""
