"""证据 Evidence: keeps bytes and the story of who touched them. Knows nothing of tips or HTTP."""
