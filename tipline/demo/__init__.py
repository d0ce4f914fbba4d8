"""演示 Demo: the demo county and the walk through the main job."""
