"""The yearbook of a district or city: what its published lists say, counted, drawn, put into words and bound."""
