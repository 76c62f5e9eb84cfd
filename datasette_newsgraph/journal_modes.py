"""What a user may choose of the journal that SQLite keeps of a database while it is written to."""

#: Write to a write-ahead log beside readers, and do without at rest; never use one; always have one.
AUTO, DELETE, WAL = MODES = ("auto", "delete", "wal")
