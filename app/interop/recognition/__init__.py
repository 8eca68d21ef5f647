"""Recognising what people carry: whose signatures a provider trusts, and what a statement stands in for here."""
