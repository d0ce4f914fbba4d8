"""动态 Live: what changed is told to open pages, which read it again under their officer's own rights."""
