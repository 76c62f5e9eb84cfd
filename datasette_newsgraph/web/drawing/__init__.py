"""The drawing of an entity's neighbourhood."""
