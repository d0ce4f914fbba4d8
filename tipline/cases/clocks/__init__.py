"""办案时限: clocks of law that run on cases and persons, and the facts that start and end them."""
