"""Whether something can listen where it is about to, said before anything is prepared."""

import socket
from ipaddress import ip_address

from django.core.management import CommandError


def refuse_taken(host: str, port: int, another: str) -> None:
    """Raise CommandError with one sentence when nothing can listen at this address and port.

    `another` is the command that would try another port.
    """
    family = socket.AF_INET6 if ip_address(host).version == 6 else socket.AF_INET
    with socket.socket(family) as probe:
        # As the server does, so that the last minute's closed connections do not count.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except (OSError, OverflowError) as error:
            raise CommandError(
                f"Port {port} is not free on this machine. Try another: {another}"
            ) from error
