"""What every page shares: errors to answers, guards, labels, templates, languages."""
