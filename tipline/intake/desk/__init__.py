"""代录 Desk: tips told to an officer by telephone, at the desk, through the 12345 hotline or WeChat."""
