"""Training status for other systems to read, by a token of each: where everybody stands, and what changed since."""
