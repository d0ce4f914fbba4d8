"""Piccolo's entry point: the one engine of this process and the apps it serves.

The engine holds no address until a composition root calls `tipline.database.connect_as`.
"""

from piccolo.conf.apps import AppRegistry
from piccolo.engine.postgres import PostgresEngine

DB = PostgresEngine(config={})

APP_REGISTRY = AppRegistry(
    apps=[
        "evidence.piccolo_app",
        "tipline.work.piccolo_app",
        "tipline.law.piccolo_app",
        "tipline.accounts.piccolo_app",
        "tipline.intake.piccolo_app",
        "tipline.cases.piccolo_app",
        "tipline.sightings.piccolo_app",
    ]
)
