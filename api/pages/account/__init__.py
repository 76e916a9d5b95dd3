"""Pages for everybody: an account, a password, oneself, one's home, and the end of it all."""
