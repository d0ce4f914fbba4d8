"""串并 Matching: pure comparison of a tip with open cases, explained in bits. A result is a lead, never a finding."""
