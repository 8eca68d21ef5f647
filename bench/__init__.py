"""What a visit costs and what the server takes in. Speed is measured here and never in a timed test."""
