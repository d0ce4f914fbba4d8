"""Builds the doors that composition roots pass in: the object store and custody over it."""

from __future__ import annotations

from evidence.custody import Custody
from evidence.s3 import S3Storage
from evidence.storage import FileStorage, Storage
from tipline.settings import SettingMissing, Settings


def open_storage(settings: Settings) -> Storage:
    """Return the object store that the settings name; opens no connection yet."""
    if settings.s3 is not None:
        return S3Storage(
            endpoint=settings.s3.endpoint,
            bucket=settings.s3.bucket,
            access_key=settings.s3.access_key,
            secret_key=settings.s3.secret_key,
            region=settings.s3.region,
            is_tls=settings.s3.is_tls,
        )
    if settings.objects_dir is None:
        raise SettingMissing("TIPLINE_STORAGE_DIR", "set it, or TIPLINE_STORAGE_ENDPOINT for an S3 store")
    return FileStorage(settings.objects_dir)


def open_custody(settings: Settings) -> Custody:
    """Return custody over the store that the settings name."""
    return Custody(open_storage(settings))
