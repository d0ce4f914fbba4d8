"""Papers of a case."""
