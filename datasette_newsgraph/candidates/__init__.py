"""Pairs of entities that may be one thing, with reasons in words. Nothing here decides."""
