"""审看: what officers make of a tip's media: markers, pieces cut out as derived evidence, corrected hints, clocks."""
