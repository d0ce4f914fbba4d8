"""响应时限 Response: how soon a tip is looked at and answered, counted by rules that are rows."""
