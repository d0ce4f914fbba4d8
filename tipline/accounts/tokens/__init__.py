"""访问令牌: what lets an officer's program use the staff API, with less than the officer's own rights."""
