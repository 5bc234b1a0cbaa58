"""Papers that leave the house: published lists, notices and plaques, set from data alone."""
