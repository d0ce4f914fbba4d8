"""串并 Matching: how well does a tip fit a case, in bits. Pure: no database, web, storage or clock."""
