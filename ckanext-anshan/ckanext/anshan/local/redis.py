"""Redis from a wheel; what is queued survives a crash (append-only file)."""

from __future__ import annotations

import contextlib
import socket
from urllib.parse import urlsplit

from . import files
from .ports import LOOPBACK
from .service import Service

CONFIG = """\
bind {host}
port {port}
dir "{folder}"
requirepass {password}
appendonly yes
appendfsync everysec
save ""
daemonize no
maxmemory-policy noeviction
"""


class Redis(Service):
    name = "redis"

    def address(self) -> str:
        return f"redis://{LOOPBACK}:{self.port}/0"

    def url(self, database: int = 0) -> str:
        return self.outside or f"redis://:{self.portal.keys['redis']}@{LOOPBACK}:{self.port}/{database}"

    def launch(self) -> None:
        folder, config = self.portal.data / "redis", self.portal.data / "run" / "redis.conf"
        folder.mkdir(mode=0o700, exist_ok=True)
        quoted = str(folder).replace("\\", "\\\\").replace('"', '\\"')
        text = CONFIG.format(host=LOOPBACK, port=self.port, folder=quoted, password=self.portal.keys["redis"])
        files.write(config, text)
        self.process.start([str(self.portal.layout.redis_server), str(config)], {"LANG": "C.UTF-8"})

    def healthy(self) -> bool:
        where = urlsplit(self.url())
        try:
            with contextlib.closing(socket.create_connection((where.hostname, where.port or 6379), 2)) as link:
                return self._says_pong(link, where.password)
        except OSError:
            return False

    @staticmethod
    def _says_pong(link: socket.socket, password: str | None) -> bool:
        link.settimeout(2)
        link.sendall((f"AUTH {password}\r\n" if password else "").encode() + b"PING\r\n")
        answer = b""
        while b"PONG" not in answer and b"-" not in answer[:1]:
            block = link.recv(1024)
            if not block:
                break
            answer += block
        return b"PONG" in answer
