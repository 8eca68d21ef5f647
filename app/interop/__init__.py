"""Outside formats and services, one folder each. May import any domain; no domain imports it."""
