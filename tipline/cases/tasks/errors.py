"""What can go wrong around a task. Errors carry facts; the words for them are chosen elsewhere."""

from __future__ import annotations

from uuid import UUID

from tipline.errors import Invalid, NotFound, Overtaken


class TaskNotFound(NotFound):
    """There is no such task, or it is another case's."""

    def __init__(self, task_id: UUID) -> None:
        super().__init__(f"no task {task_id}")
        self.task_id = task_id


class TaskInvalid(Invalid):
    """What was written for a task does not hold; each problem names its field."""


class TaskMovedOn(Overtaken):
    """A colleague was faster: the task stands otherwise by now."""

    def __init__(self, task_id: UUID, *, state: str) -> None:
        super().__init__(f"task {task_id} is {state}")
        self.task_id, self.state = task_id, state
