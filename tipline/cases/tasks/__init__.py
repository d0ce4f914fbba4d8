"""办案任务: what law or a colleague asks to be done on a case."""
