"""民警端接口: the staff API, for programs that act in an officer's name. It calls what the pages call."""
