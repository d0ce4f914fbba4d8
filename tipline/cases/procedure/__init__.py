"""立案与移送 Procedure: the official steps of a case, each a dated fact with the number of its document."""
