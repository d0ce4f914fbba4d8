"""Piccolo registration of the tables of this room."""

from pathlib import Path

from piccolo.conf.apps import AppConfig, table_finder

APP_CONFIG = AppConfig(
    app_name="documents",
    migrations_folder_path=str(Path(__file__).parent / "piccolo_migrations"),
    table_classes=table_finder(modules=["tipline.cases.documents.tables"], exclude_imported=True),
    migration_dependencies=["evidence.piccolo_app", "tipline.accounts.piccolo_app", "tipline.cases.piccolo_app"],
)
