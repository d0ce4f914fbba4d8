"""办结与恢复 Closing: a case is cleared, exceptionally or not, found unfounded, reopened; its severity may change."""
