"""Charts: plain rows become pictures, each with its finding, its numbers and words for those who do not see it.

Every `draw_*` takes frozen rows and returns a `Chart`. Nothing here knows a database or a page, and matplotlib is
loaded only when a picture is really drawn.
"""
