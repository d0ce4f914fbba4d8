"""民警账号 Accounts: officers, units, roles, sign-in, sessions."""
