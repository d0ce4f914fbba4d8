"""审计: who looked at what and who changed which account, as rows that only grow."""
