"""`tipline web`: one face, as its own process."""

from __future__ import annotations

import socket
from collections.abc import Callable, Iterable
from importlib import import_module
from pathlib import Path
from types import FrameType
from typing import Final

import click
import uvicorn

from tipline.supervisor.addresses import listen
from tipline.supervisor.options import data_option, supervised_option
from tipline.supervisor.services import services

FACES: Final = {
    "public": "tipline.app:create_public_app",
    "staff": "tipline.app:create_staff_app",
}
PORTS: Final = {"public": 8000, "staff": 8001}
# Open event streams end after this; together with the workers all must be over within ten seconds.
GRACE_S: Final = 3
HIGHEST_PORT: Final = 65_535


class Server(uvicorn.Server):
    """Ends what the application keeps open by itself as soon as it is told to stop, so that nothing is waited for."""

    def __init__(self, config: uvicorn.Config, ending: Iterable[Callable[[], None]]) -> None:
        super().__init__(config)
        self._ending = tuple(ending)

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """Take the signal as uvicorn does, and end the event streams."""
        for end in self._ending:
            end()
        super().handle_exit(sig, frame)


@click.command("web")
@click.argument("face", type=click.Choice(list(FACES)))
@data_option
@supervised_option
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option(
    "--port", type=click.IntRange(0, HIGHEST_PORT), help="Port to listen on; 8000 (public) or 8001 (staff) by default."
)
@click.option("--fd", type=click.IntRange(3), help="Serve on this inherited, listening socket instead.")
@click.option("--cert", type=click.Path(path_type=Path), help="Certificate (PEM) for https; needs --key.")
@click.option("--key", type=click.Path(path_type=Path), help="Private key (PEM) of --cert.")
def command(
    face: str, data: Path, host: str, port: int | None, fd: int | None, cert: Path | None, key: Path | None
) -> None:
    """Serve one face (public or staff) until SIGTERM."""
    if (cert is None) != (key is None):
        raise click.UsageError("--cert and --key belong together: give both.")
    module, _, name = FACES[face].partition(":")
    with services(data, command=f"web {face}") as settings:
        app = getattr(import_module(module), name)(settings)
        door = (
            socket.socket(fileno=fd)
            if fd is not None
            else listen(host, PORTS[face] if port is None else port, what=f"the {face} face", option="--port")
        )
        with door:
            door.setblocking(False)
            config = uvicorn.Config(
                app,
                access_log=False,  # who told us something, and from where, is nobody's to read in a log
                server_header=False,
                log_level="warning",
                timeout_graceful_shutdown=GRACE_S,
                ssl_certfile=cert,
                ssl_keyfile=key,
            )
            Server(config, app.state["ending"]).run(sockets=[door])
