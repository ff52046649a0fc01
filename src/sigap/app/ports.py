"""Network ports: chosen when asked for 0, kept for the whole run, and a clear word when one is taken."""

import socket

from sigap.app.trouble import Trouble


class HeldPort:
    """A port that stays ours while its process is being restarted.

    The socket here is bound but never listens: while the process is down a connection is refused at once, and
    nobody else is given the number. The process binds the same port with SO_REUSEPORT (`listen`).
    """

    def __init__(self, host: str, port: int, flag: str) -> None:
        """Raises Trouble naming the flag that chooses another."""
        try:
            if port != 0:
                with _socket(host) as probe:  # without SO_REUSEPORT: fails if anyone listens
                    probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                    probe.bind((host, port))
            self._socket = _shared(host, port)
        except OSError as error:
            raise Trouble(
                f"Port {port} of {host} cannot be used: {error.strerror}.",
                mend=f"choose another with {flag} (0 takes any free one)",
            ) from error
        self.host = host
        self.number: int = self._socket.getsockname()[1]


def listen(host: str, port: int) -> socket.socket:
    """A listening socket on a port that HeldPort may hold."""
    bound = _shared(host, port)
    bound.listen(256)
    bound.setblocking(False)
    return bound


def _shared(host: str, port: int) -> socket.socket:
    bound = _socket(host)
    bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
    bound.bind((host, port))
    return bound


def _socket(host: str) -> socket.socket:
    return socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET, socket.SOCK_STREAM)
