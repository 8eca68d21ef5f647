"""The screens, one folder per kind of person, and the edge they share. May import any domain; no domain imports it."""
