"""`tipline up`: the whole platform on one machine."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import click

from tipline.supervisor.options import data_option
from tipline.supervisor.platform import Options, run

HIGHEST_PORT: Final = 65_535


@click.command("up")
@data_option
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on; 0.0.0.0 for every one.")
@click.option(
    "--public-port", type=click.IntRange(0, HIGHEST_PORT), default=8000, show_default=True, help="0 takes a free port."
)
@click.option(
    "--staff-port", type=click.IntRange(0, HIGHEST_PORT), default=8001, show_default=True, help="0 takes a free port."
)
@click.option("--empty", "is_empty", is_flag=True, help="Do not load the demo county into an empty database.")
@click.option("--tls", "is_tls", is_flag=True, help="Serve https with a self-signed certificate for the host.")
@click.option("--cert", type=click.Path(path_type=Path), help="Serve https with this certificate (PEM) and --key.")
@click.option("--key", type=click.Path(path_type=Path), help="Private key (PEM) of --cert.")
@click.option("--workers", type=click.IntRange(1, 16), default=1, show_default=True, help="How many workers to run.")
@click.option(
    "--ready-file",
    type=click.Path(path_type=Path),
    help="Written (0600) once every part answers: addresses and demo sign-ins as JSON; removed at the stop.",
)
def command(
    data: Path,
    host: str,
    public_port: int,
    staff_port: int,
    cert: Path | None,
    key: Path | None,
    workers: int,
    ready_file: Path | None,
    *,
    is_empty: bool,
    is_tls: bool,
) -> None:
    """Start the whole platform and keep it running until Ctrl-C.

    PostgreSQL and Valkey run from the data folder, unless TIPLINE_DATABASE_URL, TIPLINE_REDIS_URL, TIPLINE_SECRETS_DIR
    and TIPLINE_STORAGE_* name external ones.
    """
    if (cert is None) != (key is None):
        raise click.UsageError("--cert and --key belong together: give both.")
    if public_port == staff_port != 0:
        raise click.UsageError("--public-port and --staff-port must differ: the faces are two servers.")
    run(
        Options(
            data=data,
            host=host,
            public_port=public_port,
            staff_port=staff_port,
            with_demo_county=not is_empty,
            is_tls=is_tls,
            certificate=None if cert is None or key is None else (cert, key),
            ready_file=ready_file,
            workers=workers,
        )
    )
