"""Read FollowTheMoney entities, as Aleph, OpenSanctions and ``ftm`` write them, one a line."""
