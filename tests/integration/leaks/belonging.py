"""Whom a canary belongs to: place, who may come across it, why. Whoever isn't named may not, sysadmin included."""

from __future__ import annotations

from collections.abc import Mapping
from fnmatch import fnmatchcase
from typing import NamedTuple

PEOPLE: Mapping[str, str] = {
    "visitor": "nobody's account",
    "user": "registered, nothing else",
    "applying": "acts for a company with a draft and with applications under way",
    "refused": "acts for a company whose application was refused",
    "granted": "acts for a company that may use some columns and some rows of the dataset",
    "granted_other": "acts for a company that may use another dataset of the same agency",
    "expired": "acts for a company whose term is over",
    "suspended": "acts for a company whose use is suspended",
    "revoked": "acts for a company whose grant was revoked",
    "other_editor": "publisher of another agency",
    "other_head": "head of another agency",
    "reader": "member of the provider who only reads its entries",
    "editor": "publisher of the provider",
    "head": "head of the provider",
    "cyberspace": "member of the cyberspace office",
    "bureau": "member of the data bureau",
    "sysadmin": "runs the machine",
    "token": "shows a good token of the grant",
    "token_other": "shows a good token of the grant to another dataset",
    "token_expired": "shows the token of the grant whose term is over",
    "token_revoked": "shows a revoked token of the grant",
}
"""Every kind of actor."""

PROVIDER = frozenset({"editor", "head"})
AGENCY = PROVIDER | {"reader"}
AGENCIES = frozenset({"other_editor", "other_head"})
OFFICES = frozenset({"cyberspace", "bureau"})
NOBODY: frozenset[str] = frozenset()
APPLICANTS = frozenset({"applying", "refused", "granted", "granted_other", "expired", "suspended", "revoked"})
CHOOSING = APPLICANTS | AGENCIES | {"user"}
TOKENS = frozenset(name for name in PEOPLE if name.startswith("token"))
EVERYBODY = frozenset(PEOPLE)


class Belongs(NamedTuple):
    place: str  # pattern; the first that fits counts
    to: frozenset[str]
    why: str


def _own(who: str) -> frozenset[str]:
    return frozenset({who})


BELONGS: tuple[Belongs, ...] = (
    # entries
    Belongs("entry.closed.title", EVERYBODY, "the open list names what stays closed (article 25), where it is told"),
    Belongs("entry.closed.opening_basis_*", EVERYBODY, "and by what law"),
    Belongs(
        "entry.*", AGENCY | OFFICES | {"sysadmin"}, "its agency's and the offices'; CKAN shows its sysadmin packages"
    ),
    Belongs("typed.*", _own("editor"), "what is typed into a form and not saved is whose form it is"),
    # reviews
    Belongs("review.internal.*", OFFICES, "the offices among themselves (article 30)"),
    Belongs("review.*", PROVIDER | OFFICES, "a submission is its agency's and its reviewers'"),
    # data
    Belongs("data.*.header", AGENCY | OFFICES | {"sysadmin"}, "as the rest of an entry's description"),
    Belongs("data.conditional.granted.in", PROVIDER | OFFICES | {"granted", "token"}, "what the grant covers"),
    Belongs("data.other.granted.*", PROVIDER | OFFICES | {"granted_other", "token_other"}, "what that grant covers"),
    Belongs("data.shared.granted.*", PROVIDER | OFFICES | AGENCIES, "what is shared with another agency"),
    Belongs("data.*", AGENCY | OFFICES, "rows and columns out of every scope are the agency's, and its reviewers'"),
    Belongs(
        "file.conditional.name",
        AGENCY | OFFICES | CHOOSING | {"token", "sysadmin"},
        "whoever applies chooses among them",
    ),
    Belongs(
        "file.other.name",
        AGENCY | OFFICES | CHOOSING | {"token_other", "sysadmin"},
        "whoever applies chooses among them",
    ),
    Belongs("file.shared.name", AGENCY | OFFICES | AGENCIES | {"sysadmin"}, "whoever shares chooses among them"),
    Belongs("file.asking.name", AGENCY | OFFICES | CHOOSING | {"sysadmin"}, "whoever applies chooses among them"),
    Belongs(
        "file.*", AGENCY | OFFICES | {"sysadmin"}, "names of files that nobody applies for: of an entry's description"
    ),
    # applications
    Belongs("application.draft.*", _own("applying"), "a draft is its applicant's alone"),
    *(
        Belongs(f"application.{state}.internal", PROVIDER | OFFICES, "what the judges write among themselves")
        for state in ("submitted", "refused", "granted", "granted_other", "expired", "suspended", "revoked")
    ),
    Belongs("application.submitted.opinion", PROVIDER | OFFICES, "an opinion is for the judge"),
    Belongs(
        "application.submitted.*", PROVIDER | OFFICES | {"applying"}, "its sides; the office whose opinion is asked"
    ),
    Belongs("application.approved.*", PROVIDER | {"applying", "bureau"}, "its two sides, and the bureau"),
    *(
        Belongs(f"application.{state}.*", PROVIDER | {"bureau", "applying"}, "its two sides, and the bureau")
        for state in ("supplement", "accepted", "withdrawn")
    ),
    Belongs("application.refused.*", PROVIDER | {"bureau", "refused"}, "its two sides, and the bureau"),
    Belongs("application.granted.token", PROVIDER | OFFICES | {"granted", "token"}, "what a token is for, in words"),
    Belongs("application.granted_other.token", PROVIDER | OFFICES | {"granted_other", "token_other"}, "as before"),
    *(
        Belongs(f"application.{who}.*", PROVIDER | OFFICES | {who}, "its two sides, and the offices once it is in use")
        for who in ("granted", "granted_other", "expired", "suspended", "revoked")
    ),
    Belongs("application.shared.*", PROVIDER | OFFICES | AGENCIES, "the provider, the using agency, and the offices"),
    Belongs("feedback.*", PROVIDER | AGENCIES | {"bureau"}, "who reports an error, who verifies it, who watches"),
    Belongs("need.*", AGENCY | AGENCIES | OFFICES, "the list of data to be returned is among agencies (article 24)"),
    # who applies
    Belongs("party.granted.name", PROVIDER | OFFICES | {"granted", "token"}, "a token tells whose it is"),
    Belongs("party.granted_other.name", PROVIDER | OFFICES | {"granted_other", "token_other"}, "as before"),
    Belongs(
        "identity.person.*", NOBODY, "a person's identity is told in full to the judge who says why, by one action"
    ),
    Belongs("identity.*.contact", NOBODY, "as a person's"),
    *(
        Belongs(
            f"party.{who}.name", PROVIDER | OFFICES | {who}, "who applies is for those who judge it, and themselves"
        )
        for who in sorted(APPLICANTS - {"granted", "granted_other"})
    ),
    *(
        Belongs(f"attorney.{who}.*", _own(who) | {"bureau"}, "a power of attorney is for the bureau that verifies it")
        for who in sorted(APPLICANTS)
    ),
    # secrets
    Belongs("secret.*", NOBODY, "told once, to whoever made it"),
)

SHARED = (
    "conditional",
    "other",
    "asking",
    "closed",
    "changed",
    "shared",
)  # what was released; of another entry nothing
AUDITORS = frozenset({"cyberspace", "bureau"})
TOLD_BY: Mapping[tuple[str, str], frozenset[str]] = {
    ("anshan_application_identify", "identity.*"): PROVIDER | OFFICES,
    **{("anshan_sharing*", f"entry.{what}.notes"): AGENCIES for what in ("closed", "shared")},
    **{("anshan_sharing*", f"entry.{what}.sharing_*"): AGENCIES for what in SHARED},
    ("anshan_audit*", "application.*"): AUDITORS,
    ("anshan_audit*", "feedback.*"): AUDITORS,
    ("anshan_audit*", "attorney.*.file"): AUDITORS,  # which file was handed out to whom
    ("anshan_judging.identify", "identity.*"): PROVIDER | OFFICES,
    ("anshan_applicant.contact", "identity.*.contact"): frozenset({"bureau"}),
    ("anshan_applicant_organization_contact", "identity.*.contact"): frozenset({"bureau"}),
}
"""What one action and its page tell, with a reason and on record, and no other does."""


def belongs(place: str) -> Belongs:
    found = next((one for one in BELONGS if fnmatchcase(place, one.place)), None)
    assert found is not None, f"say in leaks/belonging.py whom {place} belongs to"
    return found


def strays(places: set[str], who: str, where: str = "") -> set[str]:
    """Those of the places that an actor may not come across, there."""
    told = {pattern: people for (name, pattern), people in TOLD_BY.items() if fnmatchcase(where, name)}
    return {
        place
        for place in places
        if who not in belongs(place).to
        and not any(who in people for pattern, people in told.items() if fnmatchcase(place, pattern))
    }
