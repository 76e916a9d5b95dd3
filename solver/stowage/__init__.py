"""What each truck takes when its round stands."""
