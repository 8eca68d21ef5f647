"""Telling other systems when a training lapses, comes due or is put right: signed, in order, tried again for days."""
