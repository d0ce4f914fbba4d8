"""卡口 Sightings: cameras and what passed them."""
