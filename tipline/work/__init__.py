"""待办 Work: one row for each piece of work that was asked for."""
