"""Lists of cases in and out."""
