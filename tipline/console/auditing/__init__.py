"""审计查询: the auditor's search over what officers did, and its export."""
