"""Piccolo's entry point: the one engine of this process and the apps it serves.

The engine holds no address until a composition root calls `tipline.database.connect_as`.
"""

from piccolo.conf.apps import AppRegistry
from piccolo.engine.postgres import PostgresEngine


class Engine(PostgresEngine):
    """Piccolo's engine, without the connection that its constructor would otherwise make to look at the server."""

    async def check_version(self) -> None:
        """Leave the version alone: at import there is no address yet; `tipline doctor` looks at it."""

    async def prep_database(self) -> None:
        """Create no extension: the platform needs none."""


DB = Engine(config={})

APP_REGISTRY = AppRegistry(
    apps=[
        "evidence.piccolo_app",
        "tipline.work.piccolo_app",
        "tipline.law.piccolo_app",
        "tipline.accounts.piccolo_app",
        "tipline.accounts.audit.piccolo_app",
        "tipline.accounts.factors.piccolo_app",
        "tipline.accounts.tokens.piccolo_app",
        "tipline.intake.piccolo_app",
        "tipline.intake.desk.piccolo_app",
        "tipline.intake.alarms.piccolo_app",
        "tipline.intake.review.piccolo_app",
        "tipline.cases.piccolo_app",
        "tipline.cases.screening.piccolo_app",
        "tipline.cases.procedure.piccolo_app",
        "tipline.cases.closing.piccolo_app",
        "tipline.cases.determinations.piccolo_app",
        "tipline.cases.joining.piccolo_app",
        "tipline.cases.assignments.piccolo_app",
        "tipline.cases.unlinking.piccolo_app",
        "tipline.cases.clocks.piccolo_app",
        "tipline.cases.tasks.piccolo_app",
        "tipline.cases.measures.piccolo_app",
        "tipline.cases.documents.piccolo_app",
        "tipline.sightings.piccolo_app",
        "tipline.relief.piccolo_app",
        "tipline.console.live.piccolo_app",
    ]
)
