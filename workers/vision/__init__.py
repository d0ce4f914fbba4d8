"""Pixels in, hints out. Pure: no database, web, storage or clock."""
