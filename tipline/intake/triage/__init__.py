"""研判 Triage: what officers do with a tip, each deed written down; how a tip comes up again; what tips are alike."""
