"""What happened, in whole sentences. A kind that has none here is told by its own name.

Each begins with who did it (``who``) and names what it was done to (``object``), so that each language orders them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any, NamedTuple

import ckan.plugins.toolkit as tk

from .seeing import VERBS

N = Callable[[], str]


COMMON: Mapping[str, N] = {
    "created": lambda: tk._("{who} created {object}."),
    "changed": lambda: tk._("{who} changed {object}."),
    "removed": lambda: tk._("{who} removed {object} for good."),
    "deleted": lambda: tk._("{who} deleted {object}."),
    "member_in": lambda: tk._("{who} gave somebody a part in {object}."),
    "member_out": lambda: tk._("{who} took somebody's part in {object} away."),
    "found": lambda: tk._("{object} was there when the log began."),
    "part_of_a_file": lambda: tk._("{who} downloaded a part of {file} of {object}."),
    "refused_action": lambda: tk._("{who} asked for the action {action} on {object}, and it was refused."),
    "refused_without": lambda: tk._("{who} asked for the action {action}, and it was refused."),
    "refused_page": lambda: tk._("{who} asked for the page {page}, and it was refused."),
    "unknown": lambda: tk._("{who} did what the log calls {kind}."),
    "unknown_to": lambda: tk._("{who} did what the log calls {kind}, to {object}."),
    "member": lambda: tk._("A member of {agency}"),
    "version_of_dataset": lambda: tk._("version {version} of the dataset “{title}”"),
}
"""Sentences and phrases that several kinds share, or that a case of one kind wants."""

KINDS: Mapping[str, N] = {
    **{f"{type}.removed": COMMON["removed"] for type in ("entry", "release")},
    **{f"{type}.removed": COMMON["removed"] for type in ("organization", "theme", "account", "setting")},
    **{f"{type}.created": COMMON["created"] for type in ("entry", "organization", "theme", "setting")},
    **{f"{type}.changed": COMMON["changed"] for type in ("entry", "organization", "theme", "account", "setting")},
    **{
        f"{type}.removed": COMMON["removed"]
        for type in ("entry", "release", "organization", "theme", "account", "setting")
    },
    "dataset.created": lambda: tk._("{who} published {object}."),
    "dataset.changed": lambda: tk._("{who} changed what is public of {object}."),
    "dataset.removed": lambda: tk._("{who} took {object} out of the public catalogue for good."),
    "release.created": lambda: tk._("{who} released {object}."),
    "release.changed": lambda: tk._("{who} moved {object} into another state."),
    "release.suspended": lambda: tk._("{who} suspended {object}, or a part of it."),
    "release.lift_agreed": lambda: tk._("{who} agreed to lift a suspension of {object}."),
    "release.lifted": lambda: tk._("{who} ended a suspension of {object}, which both offices agreed to lift."),
    "file.damaged": lambda: tk._("{who} found that the stored file {file} is not the one that was signed."),
    "account.created": lambda: tk._("{who} registered {object}."),
    "account.logged_in": lambda: tk._("{who} logged in."),
    "account.logged_out": lambda: tk._("{who} logged out."),
    "account.login_failed": lambda: tk._("{who} tried to log in with a wrong name or password."),
    "account.reset_asked": lambda: tk._("{who} asked for a new password for {object}."),
    "account.reset": lambda: tk._("{who} set a new password for {object}."),
    "access.refused": lambda: tk._("{who} asked for something that this account may not have or do."),
    "file.handed_out": lambda: tk._("{who} downloaded {file} of {object}."),
    "file.changed": lambda: tk._("{who} changed a stored file."),
    "table.handed_out": lambda: tk._("{who} downloaded the rows of a published file."),
    "catalogue.exported": lambda: tk._("{who} took a list of catalogue entries away as a file."),
    "members.exported": lambda: tk._("{who} took the list of an agency's members away as a file."),
    "entry.shared": lambda: tk._("{who} changed with whom {object} is shared."),
    "entry.related": lambda: tk._("{who} changed what {object} is related to."),
    "entry.view": lambda: tk._("{who} changed a view of a file of an entry."),
    "words.changed": lambda: tk._("{who} changed keywords or translations."),
    "queue.cleared": lambda: tk._("{who} cancelled work in the background."),
    "task.changed": lambda: tk._("{who} changed the state of a task in the background."),
    "activity.removed": lambda: tk._("{who} removed notes of CKAN's about what people did; this log keeps its own."),
    "mail.sent": lambda: tk._("{who} sent the notifications that were due."),
    "table.loaded": lambda: tk._("{who} loaded the rows of a published file, for preview and API."),
    "table.dropped": lambda: tk._("{who} took the rows of a file out of preview and API."),
    "person.forgotten": lambda: tk._("{who} made unreadable what the log says about a person."),
    "log.begun": lambda: tk._("{who} began the log."),
    "log.begun_anew": lambda: tk._("{who} let the log go on under another key, since events or the key had been lost."),
    "log.read": lambda: tk._("{who} looked something up in the log."),
    "log.exported": lambda: tk._("{who} took a part of the log away as a file."),
    "log.trimmed": lambda: tk._("{who} put a month of the log into an archive and took it out of the portal."),
    "portal.restored": lambda: tk._("{who} put the portal back as a backup had kept it."),
    "log.alarm": lambda: tk._("{who} raised an alarm about the log."),
    "log.well": lambda: tk._("{who} found the log in order again."),
    "scan.asked": lambda: tk._("{who} asked for a scan of {file} of {object}."),
    "scan.cancelled": lambda: tk._("{who} called the scan of {file} of {object} off."),
    "scan.ended": lambda: tk._("{who} scanned {file} of {object}."),
    "scan.words": lambda: tk._("{who} changed the words that scans look for in files of {object}."),
    "applicant.profile": lambda: tk._("{who} filled in who they are as an applicant."),
    "applicant.bound": lambda: tk._("{who} logged in with the identity service for the first time."),
    "applicant.identified": lambda: tk._("{who} was identified by the identity service."),
    "applicant.read": lambda: tk._("{who} read in full who {object} is or belongs to."),
    "applicant.rekeyed": lambda: tk._("{who} locked the identities of applicants with another key."),
    "applicant.found": lambda: tk._("{who} entered {object}."),
    "applicant.update": lambda: tk._("{who} changed the particulars of {object}."),
    "applicant.submit": lambda: tk._("{who} submitted {object} for verification."),
    "applicant.verify": lambda: tk._("{who} verified {object}."),
    "applicant.refuse": lambda: tk._("{who} refused to verify {object}."),
    "applicant.bar": lambda: tk._("{who} barred {object} from applying."),
    "applicant.unbar": lambda: tk._("{who} lifted the bar of {object}."),
    "applicant.invite": lambda: tk._("{who} invited somebody to act for {object}."),
    "applicant.accept": lambda: tk._("{who} accepted to act for {object}."),
    "applicant.decline": lambda: tk._("{who} declined to act for {object}."),
    "applicant.remove": lambda: tk._("{who} removed a member of {object}."),
    "applicant.leave": lambda: tk._("{who} left {object}."),
    "applicant.hand_over": lambda: tk._("{who} made a member the representative of {object}."),
    "application.submit": lambda: tk._("{who} sent the application {object}."),
    "application.answer": lambda: tk._("{who} supplied what was asked for in the application {object}."),
    "application.approve": lambda: tk._("{who} approved the application {object}."),
    "application.ask": lambda: tk._("{who} asked for a supplement to the application {object}."),
    "application.assign": lambda: tk._("{who} gave the application {object} to a colleague."),
    "application.accept": lambda: tk._("{who} accepted the agreement of the application {object}."),
    "application.countersign": lambda: tk._(
        "{who} countersigned the agreement of the application {object}; the grant began."
    ),
    "application.destroy": lambda: tk._("{who} declared the destruction of what was received under {object}."),
    "application.discard": lambda: tk._("{who} discarded the draft {object}."),
    "application.end": lambda: tk._("{who} gave back the grant of {object}."),
    "application.extend": lambda: tk._("{who} put off the answer to the application {object}."),
    "application.join": lambda: tk._("{who} agreed to apply together in {object}."),
    "application.message": lambda: tk._("{who} wrote a message about the application {object}."),
    "application.opine": lambda: tk._("{who} gave the cyberspace office’s opinion on {object}."),
    "application.recuse": lambda: tk._("{who} stepped back from the application {object}."),
    "application.refuse": lambda: tk._("{who} refused the application {object}."),
    "application.report": lambda: tk._("{who} reported the use under {object}."),
    "application.resume": lambda: tk._("{who} let the data of {object} be used again."),
    "application.revoke": lambda: tk._("{who} revoked the grant of {object}."),
    "application.suspend": lambda: tk._("{who} suspended the use under {object}."),
    "application.take": lambda: tk._("{who} took the application {object}."),
    "application.withdraw": lambda: tk._("{who} withdrew the application {object}."),
    "application.expire": lambda: tk._("{who} ended {object}, since its term is over."),
    "application.lapse": lambda: tk._("{who} closed the application {object}, since nothing came in time."),
    "application.close": lambda: tk._("{who} closed the application {object}, since what it rests on is gone."),
    "application.late": lambda: tk._("{who} told the data bureau that the answer to the application {object} is late."),
    "sharing.feedback_create": lambda: tk._("{who} reported an error in shared data: {object}."),
    "sharing.feedback_confirm": lambda: tk._("{who} confirmed the error {object}."),
    "sharing.feedback_reject": lambda: tk._("{who} verified {object} and found no error."),
    "sharing.feedback_correct": lambda: tk._("{who} corrected the error {object}."),
    "sharing.feedback_withdraw": lambda: tk._("{who} withdrew the report of an error {object}."),
    "sharing.feedback_late": lambda: tk._("{who} told the data bureau that the report {object} is overdue."),
    "sharing.return_create": lambda: tk._("{who} stated a need for data to be returned: {object}."),
    "sharing.return_confirm": lambda: tk._("{who} put {object} on the list of data to be returned."),
    "sharing.return_merge": lambda: tk._("{who} merged the need {object} into another."),
    "sharing.return_decline": lambda: tk._("{who} didn’t put {object} on the list of data to be returned."),
    "sharing.return_promise": lambda: tk._("{who} said how and by when {object} is returned."),
    "sharing.return_refuse": lambda: tk._("{who} said that {object} can’t be returned."),
    "sharing.return_return": lambda: tk._("{who} returned the data of {object}."),
    "sharing.return_withdraw": lambda: tk._("{who} withdrew the need {object}."),
    "sharing.return_late": lambda: tk._("{who} told the data bureau that the need {object} is overdue."),
    "grant.handed_out": lambda: tk._("{who} was handed out data under {object}."),
    "grant.delivered": lambda: tk._("{who} ended a download of data under {object}."),
    "grant.token_made": lambda: tk._("{who} made a token for the data of {object}."),
    "grant.token_revoked": lambda: tk._("{who} revoked a token for the data of {object}."),
    "grant.unusual": lambda: tk._("{who} found the use under {object} unlike what was declared or is usual."),
    "application.misuse": lambda: tk._("{who} reported a misuse of {object}."),
    "application.report_answer": lambda: tk._("{who} answered a report about {object}."),
    "application.form": lambda: tk._("{who} changed what is asked of those who apply for {object}."),
    "application.deputy": lambda: tk._("{who} named somebody to stand in for the head of {object}."),
    "application.deputy_ended": lambda: tk._("{who} ended that somebody stands in for the head of {object}."),
    "submission.submit": lambda: tk._("{who} submitted {object} for review."),
    "submission.propose": lambda: tk._("{who} proposed a list of releases."),
    "submission.open_at_once": lambda: tk._("{who} opened {object} at once, in an emergency."),
    "submission.sign": lambda: tk._("{who} signed the submission of {object}."),
    "submission.check": lambda: tk._("{who} looked afterwards at a routine update of {object}, and signed that."),
    "submission.clear": lambda: tk._("{who} signed over what a scan found to block in {object}."),
    "submission.return": lambda: tk._("{who} returned the submission of {object} to the agency."),
    "submission.reject": lambda: tk._("{who} rejected the submission of {object}."),
    "submission.withdraw": lambda: tk._("{who} withdrew the submission of {object}."),
    "submission.supersede": lambda: tk._("{who} replaced a submission of {object} by a newer one."),
    "submission.comment": lambda: tk._("{who} commented on the submission of {object}."),
    "submission.publish": lambda: tk._("{who} published what was signed of {object}."),
    "submission.lapse": lambda: tk._("{who} closed {object}, since its opening in an emergency was not confirmed."),
    "guard.too_many": lambda: tk._("{who} asked too often and has to wait a while."),
    "guard.too_many_logins": lambda: tk._("{who} tried to log in too often and has to wait a while."),
    "guard.lifted": lambda: tk._("{who} let somebody who had asked too often ask again at once."),
}
"""By kind; a test asks for each kind that is recorded."""

ACTIONS: Mapping[tuple[str, str], N] = {
    **{("entry.changed", name): COMMON["deleted"] for name in ("package_delete", "bulk_update_delete")},
    **{("organization.changed", name): COMMON["deleted"] for name in ("organization_delete", "group_delete")},
    ("theme.changed", "group_delete"): COMMON["deleted"],
    ("account.changed", "user_delete"): COMMON["deleted"],
    **{("organization.changed", name): COMMON["member_in"] for name in ("organization_member_create", "member_create")},
    **{
        ("organization.changed", name): COMMON["member_out"] for name in ("organization_member_delete", "member_delete")
    },
    ("entry.changed", "resource_create"): lambda: tk._("{who} uploaded a file to {object}."),
    **{
        ("entry.changed", name): lambda: tk._("{who} changed a file of {object}.")
        for name in ("resource_update", "resource_patch")
    },
    ("entry.changed", "resource_delete"): lambda: tk._("{who} deleted a file of {object}."),
    ("entry.changed", "anshan_scan_remedy"): lambda: tk._("{who} mended {file} of {object} as its scan offered."),
    ("entry.changed", "package_resource_reorder"): lambda: tk._("{who} put the files of {object} in another order."),
    ("entry.changed", "package_owner_org_update"): lambda: tk._("{who} gave {object} to another agency."),
    ("entry.created", "anshan_catalogue_import"): lambda: tk._("{who} created {object} by an import."),
    ("entry.changed", "anshan_catalogue_import"): lambda: tk._("{who} changed {object} by an import."),
    ("account.created", "user_invite"): lambda: tk._("{who} invited {object}."),
    ("account.changed", "api_token_create"): lambda: tk._("{who} made an API token for {object}."),
    ("account.changed", "api_token_revoke"): lambda: tk._("{who} revoked an API token of {object}."),
}
"""By kind and action, where that says it better."""

ALARMS: Mapping[tuple[str, str], N] = {
    ("log.alarm", "late"): lambda: tk._("{who} raised an alarm: the log was not being sealed."),
    ("log.alarm", "witness"): lambda: tk._("{who} raised an alarm: a witness did not take the log's checkpoints."),
    ("log.alarm", "strange"): lambda: tk._("{who} raised an alarm: somebody had written into the log past the portal."),
    ("log.alarm", "damaged"): lambda: tk._("{who} raised an alarm: a released file was not the one that was signed."),
    ("log.well", "damaged"): lambda: tk._("{who} found that every released file was the one that was signed again."),
    ("log.well", "late"): lambda: tk._("{who} found that the log was being sealed again."),
    ("log.well", "witness"): lambda: tk._("{who} found that the witness took the log's checkpoints again."),
    ("log.well", "strange"): lambda: tk._("{who} found nothing left in the log that was written past the portal."),
}
"""By kind and cause, as ``watching`` has them."""


class What(NamedTuple):
    """What an event's sentence is made of. ``object`` is empty where the event is about nothing."""

    kind: str
    action: str
    outcome: str
    facts: Mapping[str, Any]
    who: str
    object: str


def sentence(what: What) -> str:
    facts = what.facts
    slots = {
        "who": what.who,
        "object": what.object or tk._("something that is not named"),
        "action": what.action,
        "kind": what.kind,
        "file": facts.get("file") or tk._("a file"),
        "page": facts.get("page", ""),
    }
    return _template(what)().format(**slots)


def _template(what: What) -> N:
    if what.facts.get("found") is True and what.kind.endswith(".created"):
        return COMMON["found"]
    if what.kind == "access.refused":
        return _refusal(what)
    if what.kind == "file.handed_out" and "range" in what.facts:
        return COMMON["part_of_a_file"]
    alarm = ALARMS.get((what.kind, str(what.facts.get("cause"))))
    known = alarm or ACTIONS.get((what.kind, what.action)) or KINDS.get(what.kind)
    return known or (COMMON["unknown_to"] if what.object else COMMON["unknown"])


def _refusal(what: What) -> N:
    if what.action:
        return COMMON["refused_action"] if what.object else COMMON["refused_without"]
    return COMMON["refused_page"] if what.facts.get("page") else KINDS["access.refused"]


# who

PARTS: Mapping[str, N] = {
    "publisher": lambda: tk._("A publisher of {agency}"),
    "agency_head": lambda: tk._("The head of {agency}"),
    "bureau": lambda: tk._("A member of {agency}, the data bureau"),
    "cyberspace": lambda: tk._("A member of {agency}, the cyberspace office"),
}
ALONE: Mapping[str, N] = {
    "sysadmin": lambda: tk._("A system administrator"),
    "applicant": lambda: tk._("A registered user"),
}


def who(by: Mapping[str, str], agency: str, is_reader: bool) -> str:
    """By role and agency, at the beginning of a sentence; the reader as such.

    :param by: as an event has it · :param agency: title of the one that was acted for, empty where there is none
    """
    if is_reader:
        return tk._("You")
    role, via = by.get("role", ""), by.get("via", "")
    if agency and role:
        return (PARTS.get(role) or COMMON["member"])().format(agency=agency)
    if role:
        return ALONE.get(role, lambda: tk._("Somebody of an agency"))()
    if via == "console":
        return tk._("Somebody at the portal's console")
    return tk._("A visitor") if via in ("web", "api") else tk._("The portal")


# what it was done to

HERE: Mapping[str, N] = {
    "entry": lambda: tk._("this entry"),
    "dataset": lambda: tk._("this dataset"),
    "release": lambda: tk._("this release"),
    "organization": lambda: tk._("this agency"),
    "theme": lambda: tk._("this theme"),
    "account": lambda: tk._("this account"),
    "setting": lambda: tk._("this setting"),
}
THERE: Mapping[str, N] = {
    "entry": lambda: tk._("the entry “{title}”"),
    "dataset": lambda: tk._("the dataset “{title}”"),
    "release": lambda: tk._("the release “{title}”"),
    "organization": lambda: tk._("the agency “{title}”"),
    "theme": lambda: tk._("the theme “{title}”"),
    "account": lambda: tk._("the account “{title}”"),
    "applicant": lambda: tk._("the organization “{title}” that applies"),
    "setting": lambda: tk._("the setting “{title}”"),
}
SOME: Mapping[str, N] = {
    "entry": lambda: tk._("an entry"),
    "dataset": lambda: tk._("a dataset that is no longer public"),
    "release": lambda: tk._("a release of what is not public"),
    "account": lambda: tk._("an account"),
    "applicant": lambda: tk._("an organization that applies"),
}


def thing(type: str, id: str, title: str, *, is_here: bool = False, version: int | None = None) -> str:
    """An object inside a sentence.

    :param title: as this reader may know it; empty where they may not · :param is_here: the page is about it
    :param version: of the dataset that it belongs to
    """
    if is_here and type in HERE:
        return HERE[type]()
    if version and title and type in ("dataset", "release"):
        return COMMON["version_of_dataset"]().format(version=version, title=title)
    if type in THERE and (title or type not in SOME):
        return THERE[type]().format(title=title or id)
    return SOME[type]() if type in SOME else tk._("“{title}”").format(title=title or id)


# filters

GROUPS: Mapping[str, N] = {
    "changes": lambda: tk._("Changes"),
    "handouts": lambda: tk._("Downloads of files"),
    "refusals": lambda: tk._("Refusals"),
    "logins": lambda: tk._("Log-ins"),
    "log": lambda: tk._("The log itself"),
}
IN_GROUP: Mapping[str, tuple[str, ...]] = {
    "handouts": ("file.handed_out", "table.handed_out", "grant.handed_out", "catalogue.exported", "members.exported"),
    "logins": (
        "account.logged_in",
        "account.logged_out",
        "account.login_failed",
        "account.reset_asked",
        "account.reset",
    ),
    "log": (
        "log.alarm",
        "log.begun",
        "log.begun_anew",
        "log.read",
        "log.exported",
        "log.trimmed",
        "log.well",
        "person.forgotten",
        "portal.restored",
    ),
}
"""Kinds of the groups that are made of some; refusals are told by their outcome, and changes are all the rest."""
LOOKS = ("log.read",)
"""Looks into the log: a search leaves them out unless it asks for them, or its own would be all that it finds."""

TYPES: Mapping[str, N] = {
    "entry": lambda: tk._("Catalogue entry"),
    "dataset": lambda: tk._("Dataset"),
    "release": lambda: tk._("Release"),
    "organization": lambda: tk._("Agency"),
    "theme": lambda: tk._("Theme"),
    "account": lambda: tk._("Account"),
    "setting": lambda: tk._("Setting"),
}
DONE: Mapping[str, N] = {
    "created": lambda: tk._("created"),
    "changed": lambda: tk._("changed"),
    "removed": lambda: tk._("removed"),
}
LABELS: Mapping[str, N] = {
    "applicant.accept": lambda: tk._("Invitation of an organization accepted"),
    "applicant.bar": lambda: tk._("Organization barred"),
    "applicant.bound": lambda: tk._("Account bound to the identity service"),
    "applicant.decline": lambda: tk._("Invitation of an organization declined"),
    "applicant.found": lambda: tk._("Organization of applicants entered"),
    "applicant.hand_over": lambda: tk._("Representative of an organization changed"),
    "applicant.identified": lambda: tk._("Applicant identified"),
    "applicant.invite": lambda: tk._("Member of an organization invited"),
    "applicant.leave": lambda: tk._("Organization left by a member"),
    "applicant.profile": lambda: tk._("Applicant filled in their profile"),
    "applicant.read": lambda: tk._("Identity of an applicant read in full"),
    "applicant.refuse": lambda: tk._("Organization not verified"),
    "applicant.rekeyed": lambda: tk._("Identities locked with another key"),
    "applicant.remove": lambda: tk._("Member of an organization removed"),
    "applicant.submit": lambda: tk._("Organization submitted for verification"),
    "applicant.unbar": lambda: tk._("Bar of an organization lifted"),
    "applicant.update": lambda: tk._("Organization of applicants changed"),
    "applicant.verify": lambda: tk._("Organization verified"),
    "application.accept": lambda: tk._("Agreement accepted"),
    "application.answer": lambda: tk._("Supplement sent"),
    "application.approve": lambda: tk._("Application approved"),
    "application.ask": lambda: tk._("Supplement asked for"),
    "application.assign": lambda: tk._("Application given to a colleague"),
    "application.close": lambda: tk._("Application closed for lack of its basis"),
    "application.countersign": lambda: tk._("Agreement countersigned"),
    "application.deputy": lambda: tk._("Deputy of a head named"),
    "application.deputy_ended": lambda: tk._("Deputy of a head ended"),
    "application.destroy": lambda: tk._("Destruction declared"),
    "application.discard": lambda: tk._("Draft application discarded"),
    "application.end": lambda: tk._("Grant given back early"),
    "application.expire": lambda: tk._("Term of a grant over"),
    "application.extend": lambda: tk._("Answer put off"),
    "application.form": lambda: tk._("Questions to applicants changed"),
    "application.join": lambda: tk._("Co-applicant agreed"),
    "application.lapse": lambda: tk._("Application closed for lateness"),
    "application.late": lambda: tk._("Answer to an application late"),
    "application.message": lambda: tk._("Message about an application"),
    "application.misuse": lambda: tk._("Misuse reported"),
    "application.opine": lambda: tk._("Opinion of the cyberspace office given"),
    "application.recuse": lambda: tk._("Handler stepped back"),
    "application.refuse": lambda: tk._("Application refused"),
    "application.report": lambda: tk._("Use reported"),
    "application.report_answer": lambda: tk._("Report answered"),
    "application.resume": lambda: tk._("Use resumed"),
    "application.revoke": lambda: tk._("Grant revoked by the provider"),
    "application.submit": lambda: tk._("Application sent"),
    "application.suspend": lambda: tk._("Use of granted data suspended"),
    "application.take": lambda: tk._("Application taken"),
    "application.withdraw": lambda: tk._("Application withdrawn by its applicant"),
    "sharing.feedback_confirm": lambda: tk._("Error in shared data confirmed"),
    "sharing.feedback_correct": lambda: tk._("Error in shared data corrected"),
    "sharing.feedback_create": lambda: tk._("Error in shared data reported"),
    "sharing.feedback_late": lambda: tk._("Verification of shared data late"),
    "sharing.feedback_reject": lambda: tk._("No error found in shared data"),
    "sharing.feedback_withdraw": lambda: tk._("Report of an error withdrawn"),
    "sharing.return_confirm": lambda: tk._("Need for returned data listed"),
    "sharing.return_create": lambda: tk._("Need for returned data stated"),
    "sharing.return_decline": lambda: tk._("Need for returned data not listed"),
    "sharing.return_late": lambda: tk._("Return of data late"),
    "sharing.return_merge": lambda: tk._("Need for returned data merged"),
    "sharing.return_promise": lambda: tk._("Return of data promised"),
    "sharing.return_refuse": lambda: tk._("Return of data refused"),
    "sharing.return_return": lambda: tk._("Data returned"),
    "sharing.return_withdraw": lambda: tk._("Need for returned data withdrawn"),
    "access.refused": lambda: tk._("Was refused"),
    "account.logged_in": lambda: tk._("Logged in"),
    "account.logged_out": lambda: tk._("Logged out"),
    "account.login_failed": lambda: tk._("Wrong name or password"),
    "account.reset": lambda: tk._("New password set"),
    "account.reset_asked": lambda: tk._("New password asked for"),
    "activity.removed": lambda: tk._("CKAN's notes removed"),
    "catalogue.exported": lambda: tk._("List of entries taken away"),
    "entry.related": lambda: tk._("Relation of an entry"),
    "entry.shared": lambda: tk._("Entry shared"),
    "entry.view": lambda: tk._("View of a file"),
    "file.changed": lambda: tk._("Stored file changed"),
    "file.handed_out": lambda: tk._("Downloaded"),
    "grant.delivered": lambda: tk._("Download of granted data ended"),
    "grant.handed_out": lambda: tk._("Granted data handed out"),
    "grant.token_made": lambda: tk._("Token of a grant made"),
    "grant.token_revoked": lambda: tk._("Token of a grant revoked"),
    "grant.unusual": lambda: tk._("Unusual use of granted data"),
    "guard.too_many": lambda: tk._("Asked too often"),
    "guard.too_many_logins": lambda: tk._("Tried to log in too often"),
    "guard.lifted": lambda: tk._("Limit lifted early"),
    "log.alarm": lambda: tk._("Alarm about the log"),
    "log.begun": lambda: tk._("Log begun"),
    "log.begun_anew": lambda: tk._("Log begun anew"),
    "log.exported": lambda: tk._("Log taken away"),
    "log.read": lambda: tk._("Log looked into"),
    "log.trimmed": lambda: tk._("Month of the log archived"),
    "log.well": lambda: tk._("Log in order again"),
    "mail.sent": lambda: tk._("Notifications sent"),
    "members.exported": lambda: tk._("List of members taken away"),
    "person.forgotten": lambda: tk._("Person forgotten"),
    "portal.restored": lambda: tk._("Portal restored"),
    "queue.cleared": lambda: tk._("Background work cancelled"),
    "file.damaged": lambda: tk._("Stored file damaged"),
    "release.lift_agreed": lambda: tk._("Lift of a suspension agreed to"),
    "release.lifted": lambda: tk._("Suspension lifted"),
    "release.suspended": lambda: tk._("Suspended"),
    "scan.asked": lambda: tk._("Scan asked for"),
    "scan.cancelled": lambda: tk._("Scan called off"),
    "scan.ended": lambda: tk._("Scan ended"),
    "scan.words": lambda: tk._("Words of scans"),
    "table.handed_out": lambda: tk._("Rows downloaded"),
    "table.dropped": lambda: tk._("Rows taken out"),
    "table.loaded": lambda: tk._("Rows loaded"),
    "task.changed": lambda: tk._("Task changed"),
    "words.changed": lambda: tk._("Keywords or translations"),
}


def label(kind: str) -> str:
    """A kind in a few words; one that isn't known by its own name."""
    type, _, verb = kind.partition(".")
    if type in TYPES and verb in VERBS:
        return tk._("{type}: {what}").format(type=TYPES[type](), what=DONE[verb]())
    return LABELS[kind]() if kind in LABELS else kind


def labels() -> Iterator[tuple[str, str]]:
    """Every known kind with its words, in the order of the kinds."""
    return ((kind, label(kind)) for kind in sorted(KINDS))
