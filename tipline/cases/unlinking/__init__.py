"""撤销串并: a link that an officer took back, kept as it was."""
