"""演示县 The demo county: a believable Gaotang that reproduces what is known of 2021, all of it labelled 演示.

`load` writes it into an empty database; `draw` computes it without one.
"""

from tipline.demo.drawing import County, draw
from tipline.demo.loader import CountyNotEmpty, load

__all__ = ["County", "CountyNotEmpty", "draw", "load"]
