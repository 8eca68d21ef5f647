"""What a trainer sees: the editions that are published, and which have their facts checked."""
