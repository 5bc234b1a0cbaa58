"""People, posts, elections, training and reserve: who leads what, and what is kept about them."""
