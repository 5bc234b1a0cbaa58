"""The public notice, the published lists, and the papers that are made of them."""
