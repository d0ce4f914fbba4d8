"""文书: auxiliary papers of a case, versioned and sealed; formal documents come from the national system."""
