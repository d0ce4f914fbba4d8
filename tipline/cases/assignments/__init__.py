"""指派: which officers work on a case beside its unit, from when to when."""
