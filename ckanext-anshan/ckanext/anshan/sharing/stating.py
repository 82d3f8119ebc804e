"""What lower-level agencies need back of the data that they collected and handed up (返还需求目录, art. 24)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ckan import model
from ckan.types import Context

from ..applicants import parties
from ..catalogue import vocabularies
from ..release import offers
from ..workflow import clock, workdays
from ..workflow import options as workflow_options
from . import keeping, reporting, running, standing
from .keeping import RETURN
from .rules import IN_USE, Refusal, ReturnState, Role

Asked = Mapping[str, Any]
SHARING = "sharing"  # access.rules.Kind


def state(context: Context, asked: Asked) -> Any:
    """The row of a new need.

    :raises NotAuthorized, ValidationError: not for that agency, or of data that isn't there
    """
    asker = standing.Asker(context.get("user"))
    agency = _agency(asker, asked["agency"])
    values = {**_fields(asked), **_what(asked, agency), "agency": agency}
    due = workdays.after(clock.today(), workflow_options.days_to_forward())
    assert asker.user is not None
    with running.alone():
        own = {"state": ReturnState.STATED.value, "due": due, "user_id": asker.user.id}
        row = keeping.add(RETURN, values | own, clock.today())
        person = asker.to(RETURN, row)
        running.done(running.Act(RETURN, row, person, Role.USER, "create", "", ReturnState.STATED, {}, due))
    return row


def _agency(asker: standing.Asker, wanted: str) -> str:
    """For which agency; chosen for whoever writes for one alone."""
    own = [one for one in asker.members if one.org_id in asker.agencies]
    chosen = [one.org_id for one in own if wanted in (one.org_id, one.org_name)] if wanted else asker.agencies
    if not chosen:
        standing.refuse(Refusal("no_agency"))
    return chosen[0] if len(chosen) == 1 else standing.refuse(Refusal("which_agency"))


def _fields(asked: Asked) -> dict[str, Any]:
    """What is typed; streets belong to the district, and a street alone names its district."""
    streets = [vocabularies.load("streets").by_id[one] for one in asked["streets"]]
    district = asked["district"] or (streets[0].parent if streets else "")
    if any(one.parent != district for one in streets):
        standing.refuse(Refusal("other_district"))
    named = {name: asked[name] for name in ("description", "scope", "purpose", "basis", "cycle")}
    return {**named, "district": district, "streets": [one.id for one in streets]}


def _what(asked: Asked, agency: str) -> dict[str, str]:
    """A dataset that was released, or data that is described."""
    if not asked["dataset"]:
        return (
            {"title": asked["title"]} if asked["title"] else standing.refuse(Refusal("missing", {"names": ("title",)}))
        )
    offer = offers.offer(asked["dataset"])
    if offer is None or offer.state != "published":
        standing.refuse(Refusal("no_such_dataset"))
    if offer.agency == agency:
        standing.refuse(Refusal("own_data"))
    return {"dataset_id": offer.dataset_id, "title": asked["title"] or offer.title, "provider": offer.agency}


# facts of decisions


def about_provider(row: Any, asked: Asked) -> Asked:
    """Who answers: named by the bureau, or known from the dataset."""
    wanted = asked["provider"] or row.provider
    found = model.Group.get(wanted) if wanted else None
    is_known = found is not None and found.is_organization and found.state == "active"
    return {"provider": found.id if found is not None else wanted, "known": is_known, "agency": row.agency}


def about_other(row: Any, asked: Asked) -> Asked:
    other = keeping.find(RETURN, asked["into"]) if asked["into"] else None
    if other is None or other.id == row.id:
        return {"other": None}
    return {"into": other.number, "other": ReturnState(other.state)}


def about_application(context: Context, row: Any, asked: Asked) -> Asked:
    """Whether it is shared now under this application: of this provider, to this agency, and of the dataset named."""
    made = reporting.application(context, asked["application"]) if asked["application"] else None
    if made is None:
        return {"shared": False}
    ours = (made["kind"], made["agency"], made["applicant"]["kind"], made["applicant"]["id"])
    is_its = not row.dataset_id or row.dataset_id in {one["dataset_id"] for one in made["items"]}
    is_shared = ours == (SHARING, row.provider, parties.AGENCY, row.agency) and made["state"] in IN_USE and is_its
    return {"shared": is_shared, "application": made["number"]}
