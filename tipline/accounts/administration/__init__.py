"""账号管理: the administrator's deeds on accounts and units. Nothing is ever deleted, everything is entered."""
