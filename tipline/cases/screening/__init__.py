"""排查: working through the candidate vehicles and persons of a case, step by step; leads, never conclusions."""
