"""查询 Search across tips, cases, vehicles, persons, screening and camera passes, within what the officer may see."""
