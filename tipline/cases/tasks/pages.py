"""Staff pages of the tab 任务: tasks, time limits and the facts behind them, and the deeds on a task."""

from __future__ import annotations

from typing import Any, Final
from uuid import UUID

from litestar import Request, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Redirect, Template

from tipline.accounts.pages import signed_in
from tipline.accounts.rules import Right, roles_with
from tipline.accounts.service import list_case_officers
from tipline.cases.clocks.reads import clocks_shown, facts_shown
from tipline.cases.tabs import address_of, tab_page
from tipline.cases.tasks import service
from tipline.cases.tasks.keeping import keep
from tipline.cases.tasks.reads import task_shown, tasks_shown
from tipline.cases.tasks.service import TaskDraft
from tipline.clock import Clock
from tipline.errors import Invalid, Overtaken, Refused, TiplineError
from tipline.web.answers import Answers, read_answers
from tipline.web.errors import status_of
from tipline.web.guards import serves
from tipline.web.wording import sentence

SEE_OTHER: Final = 303
READERS: Final = serves(*roles_with(Right.READ_CASES))
WRITERS: Final = serves(*roles_with(Right.WRITE_CASES))
TAB: Final = "tasks"


@get("/cases/{case_id:uuid}/tasks", opt=READERS, include_in_schema=False)
async def tasks(request: Request[Any, Any, Any], case_id: FromPath[UUID], clock: NamedDependency[Clock]) -> Template:
    """Show what the law and colleagues ask for in this case, and until when; brought up to date while looking."""
    await keep(case_id, now=clock())
    return await _tasks_page(request, case_id, clock, Answers())


@post("/cases/{case_id:uuid}/tasks", opt=WRITERS, include_in_schema=False)
async def make_task(
    request: Request[Any, Any, Any], case_id: FromPath[UUID], clock: NamedDependency[Clock]
) -> Template | Redirect:
    """Set a task by hand."""
    answers = await read_answers(request)
    try:
        due_at = answers.moment("due_at", is_required=False)
        answers.refuse_problems()
        draft = TaskDraft(title=answers.text("title"), assigned_to=_chosen(answers), due_at=due_at)
        await service.make_task(case_id, draft, by=signed_in(request).id, now=clock())
    except (Refused, Overtaken) as refusal:
        return await _tasks_page(request, case_id, clock, answers, refusal)
    return _to(case_id, TAB)


@get("/cases/{case_id:uuid}/tasks/{task_id:uuid}", opt=READERS, include_in_schema=False)
async def one_task(
    request: Request[Any, Any, Any],
    case_id: FromPath[UUID],
    task_id: FromPath[UUID],
    clock: NamedDependency[Clock],
) -> Template:
    """Show a task with its law and history, and what may be done to it."""
    return await _task_page(request, case_id, task_id, clock, Answers())


@post("/cases/{case_id:uuid}/tasks/{task_id:uuid}/{deed:str}", opt=WRITERS, include_in_schema=False)
async def change_task(
    request: Request[Any, Any, Any],
    case_id: FromPath[UUID],
    task_id: FromPath[UUID],
    deed: FromPath[str],
    clock: NamedDependency[Clock],
) -> Template | Redirect:
    """Assign a task, record it as done or as not applicable, or take it up again."""
    answers = await read_answers(request)
    by, now = signed_in(request).id, clock()
    try:
        match deed:
            case "assign":
                await service.assign(case_id, task_id, _chosen(answers), by=by, now=now)
            case "done":
                await service.done(
                    case_id,
                    task_id,
                    answers.needed_moment("done_at"),
                    document_number=answers.text("document_number"),
                    note=answers.text("note"),
                    by=by,
                    now=now,
                )
            case "not-applicable":
                await service.not_applicable(case_id, task_id, answers.text("note"), by=by, now=now)
            case _:
                await service.reopen(case_id, task_id, answers.text("note"), by=by, now=now)
    except (Refused, Overtaken) as refusal:
        return await _task_page(request, case_id, task_id, clock, answers, refusal)
    return _to(case_id, TAB)


async def _tasks_page(
    request: Request[Any, Any, Any],
    case_id: UUID,
    clock: Clock,
    answers: Answers,
    refusal: TiplineError | None = None,
) -> Template:
    now = clock()
    return await tab_page(
        request,
        case_id,
        TAB,
        "tasks/tab.html",
        **_refused(refusal),
        answers=answers,
        tasks=await tasks_shown(case_id, now=now),
        clocks=await clocks_shown(case_id, now=now),
        facts=await facts_shown(case_id),
        officers=await list_case_officers(),
    )


async def _task_page(
    request: Request[Any, Any, Any],
    case_id: UUID,
    task_id: UUID,
    clock: Clock,
    answers: Answers,
    refusal: TiplineError | None = None,
) -> Template:
    return await tab_page(
        request,
        case_id,
        TAB,
        "tasks/task.html",
        **_refused(refusal),
        answers=answers,
        task=await task_shown(case_id, task_id, now=clock()),
        officers=await list_case_officers(),
    )


def _refused(refusal: TiplineError | None) -> dict[str, Any]:
    problems = refusal.problems if isinstance(refusal, Invalid) else ()
    return {
        "status": 200 if refusal is None else status_of(refusal),
        "problems": problems,
        "told": sentence(refusal) if refusal is not None and not problems else "",
    }


def _chosen(answers: Answers) -> UUID | None:
    return answers.row("assigned_to") if answers.text("assigned_to") else None


def _to(case_id: UUID, name: str) -> Redirect:
    return Redirect(address_of(case_id, name), status_code=SEE_OTHER)


HANDLERS: Final = [tasks, make_task, one_task, change_task]
