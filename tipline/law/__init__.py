"""法规 Law: rules as versioned rows with source, article and dates."""
