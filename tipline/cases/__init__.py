"""案件 Cases: case file, vehicles, persons, links, suggestions, outcomes, clearance."""
