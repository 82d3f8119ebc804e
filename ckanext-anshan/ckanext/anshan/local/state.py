"""What a portal remembers between two starts: its ports, its address and what has been prepared already."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from pathlib import Path

from . import files


@dataclass
class State:
    ports: dict[str, int] = field(default_factory=dict)
    marks: dict[str, str] = field(default_factory=dict)
    outside: dict[str, str] = field(default_factory=dict)
    listen: str = "127.0.0.1"
    site_url: str = ""

    @classmethod
    def load(cls, data: Path) -> State:
        known = files.read_json(data / "portal.json", {})
        return cls(**{name: known[name] for name in cls.__dataclass_fields__ if name in known})

    def save(self, data: Path) -> None:
        files.write_json(data / "portal.json", asdict(self))

    def url(self) -> str:
        host = "127.0.0.1" if self.listen == "0.0.0.0" else self.listen
        return self.site_url or f"http://{host}:{self.ports.get('web', 0)}"
