"""认定书/事故证明: what the national system issued, its service and review, and inquiries."""
