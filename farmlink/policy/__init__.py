"""The public rules of the house: versioned, immutable, the same for all; a cycle pins the version it opens under."""
