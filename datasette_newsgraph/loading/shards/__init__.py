"""Shards: records that were read elsewhere, with the rows that each would give, for one database.

::

    entries ── read ──> ShardWriter ──> shard ── Intake, which decides ──> Shelf.copy ──> database

A shard decides nothing: it has every version of an article, in order, and beside each what is needed
to reject it by line and words. What is kept, replaced or rejected is decided once, where the shard is
taken into the database, by the same code that decides it for a file that is loaded there.
"""
