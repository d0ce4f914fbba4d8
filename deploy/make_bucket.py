"""Makes the bucket that the S3 settings name, where it is missing; a deployment runs it once, with an admin's key."""

from __future__ import annotations

import os
import sys

from minio import Minio
from minio.error import S3Error
from urllib3.exceptions import HTTPError

from tipline.settings import SettingMissing, Settings


def main() -> int:
    """Make the bucket; 0 it is there, 1 it could not be made."""
    try:
        s3 = Settings.from_env(os.environ).s3
        if s3 is None:
            print("make_bucket: no S3 store is set, nothing to do", file=sys.stderr)
            return 0
        client = Minio(
            endpoint=s3.endpoint,
            access_key=s3.access_key,
            secret_key=s3.secret_key,
            region=s3.region,
            secure=s3.is_tls,
        )
        is_new = not client.bucket_exists(bucket_name=s3.bucket)
        if is_new:
            client.make_bucket(bucket_name=s3.bucket)
    except (SettingMissing, S3Error, HTTPError) as problem:
        print(f"make_bucket: {problem}", file=sys.stderr)
        return 1
    print(f"make_bucket: {s3.bucket} {'was made' if is_new else 'is there'}", file=sys.stderr)
    return 0


if __name__ == "__main__":
    sys.exit(main())
