"""The two offices at work: what they suspend, and lift again."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any

from ckanext.anshan.people import options
from tests.integration.review.town import User, office
from tests.integration.support import as_user


@dataclass(frozen=True)
class Offices:
    cyberspace: User
    second_cyberspace: User
    bureau: User
    second_bureau: User

    def suspend(self, id: str, **more: Any) -> dict[str, Any]:
        return as_user(self.cyberspace, "anshan_release_suspend", **{"id": id, "reason": "待核实坐标", **more})

    def lift(self, suspension: dict[str, Any]) -> dict[str, Any]:
        for user in (self.bureau, self.cyberspace):
            suspension = as_user(user, "anshan_release_lift", id=suspension["id"], reason="坐标已核实")
        return suspension


@cache
def offices() -> Offices:
    return Offices(*office(options.cyberspace_org()), *office(options.bureau_org()))
