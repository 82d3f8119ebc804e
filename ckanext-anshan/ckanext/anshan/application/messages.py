"""The words of applications: what is refused, what is missing, what states, commands and grounds are called."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import ckan.plugins.toolkit as tk
from ckan.lib.helpers import lang

from . import forms
from .forms import Problem
from .rules import Command, Ground, Kind, Refusal, Relation, Remark, Result, Role, State

N = Callable[[], str]

WORDS: Mapping[str, N] = {
    "unknown": lambda: tk._("There is no such application here."),
    "not_yours": lambda: tk._(
        "This is not yours to do: applicants apply and accept, the provider answers and signs (articles 21, 22 and 27)."
    ),
    "not_now": lambda: tk._("This is not possible while the application is “{state}”. Reload the page."),
    "missing": lambda: tk._("Something is missing: {names}."),
    "own_application": lambda: tk._("You apply for this yourself, so somebody else answers it."),
    "recused": lambda: tk._("You stepped back from this application; a colleague answers it."),
    "handler_recused": lambda: tk._("This colleague stepped back from it. Choose another one."),
    "bad_handler": lambda: tk._("Choose a publisher or the head of the same agency."),
    "no_party": lambda: tk._(
        "Fill in your profile first: as a person, or for an organization that the data bureau has verified."
    ),
    "not_your_party": lambda: tk._("You don't act for this applicant (any more). Choose one that you act for."),
    "which_party": lambda: tk._("You act for several applicants: say for which of them you apply."),
    "own_data": lambda: tk._("This is your own agency's data; there is nothing to apply for."),
    "not_offered": lambda: tk._(
        "This dataset can't be applied for just now: it was suspended or taken back, or its class has changed."
    ),
    "not_eligible": lambda: tk._(
        "This dataset isn't open to this kind of applicant: its conditions say to whom it is (article 27)."
    ),
    "not_joined": lambda: tk._(
        "Somebody who applies with you hasn't agreed yet. They find it under their applications."
    ),
    "joined_already": lambda: tk._("You have agreed already."),
    "partners_fixed": lambda: tk._("Who applies can't change any more once it was sent."),
    "bad_partner": lambda: tk._(
        "Name at most {most} others, each of them a person or organization with a profile here."
    ),
    "no_such_dataset": lambda: tk._("“{dataset}” isn't part of this application."),
    "incomplete": lambda: tk._("Some things are missing or wrong; they are named beside their fields."),
    "taken": lambda: tk._("A colleague has taken it already."),
    "extended_already": lambda: tk._("It was put off once already; that is all there is."),
    "no_opinion_wanted": lambda: tk._("The entry asks for no opinion of the cyberspace office."),
    "opined_already": lambda: tk._("The opinion about this text is given already."),
    "opinion_missing": lambda: tk._("The cyberspace office signs first: the entry asks for its opinion (article 28)."),
    "opinion_against": lambda: tk._("The cyberspace office objects, so it can't be approved."),
    "another_text": lambda: tk._("The applicant changed the text meanwhile. Reload the page and read it again."),
    "beyond_asked": lambda: tk._("More than was asked for can't be granted: {names}."),
    "nothing_granted": lambda: tk._("Nothing is left of it. Refuse it instead, with a reason."),
    "bad_ground": lambda: tk._("“{ground}” is no ground of a refusal."),
    "unlike_others": lambda: tk._(
        "Say why, beside each point: the same is answered the same for everybody (article 27)."
    ),
    "no_agreement": lambda: tk._("There is no agreement yet."),
    "head_accepts": lambda: tk._(
        "For an agency its first responsible person accepts (article 9). Ask the head of your agency to do it, or to"
        " name you as deputy."
    ),
    "accepted_already": lambda: tk._("You have accepted it already."),
    "another_agreement": lambda: tk._("You read another agreement than the one that lies here now. Reload the page."),
    "not_confirmed": lambda: tk._("The password isn't right. Type the password of your account to sign."),
    "signs_twice": lambda: tk._("You have signed for the other side: two sides are two persons."),
    "not_accepted": lambda: tk._("Not every applicant has accepted the agreement yet."),
    "too_many_tries": lambda: tk._(
        "Too many wrong passwords were typed for this account. Wait {seconds} seconds, then try again."
    ),
    "not_proved": lambda: tk._(
        "Show again who you are at the identity service first; that counts for five minutes and for one signature."
    ),
    "followed_already": lambda: tk._("It is being renewed or amended already: {numbers}. Go on with that one."),
    "cant_renew": lambda: tk._(
        "Only what is in use can be renewed, or what has ended at most {days} days ago. Apply anew instead."
    ),
    "cant_amend": lambda: tk._("Only what is in use can be amended. Apply anew instead."),
    "not_the_same": lambda: tk._(
        "A renewal is about the same data of the same agency, for the same applicant. Apply anew instead."
    ),
    "before_revoked": lambda: tk._("The grant that this one follows was revoked, so it can't come into force."),
    "too_many_reports": lambda: tk._("Too many were sent from here. Wait {seconds} seconds, then try again."),
    "no_such_dataset_here": lambda: tk._("There is no such dataset. Choose one that the portal lists."),
    "no_such_report": lambda: tk._("There is no such report here."),
    "answered_already": lambda: tk._("This report is answered already. Reload the page."),
    "too_late": lambda: tk._("Somebody else was faster. Reload the page."),
    "agreement_incomplete": lambda: tk._("The agreement can't be written, something is missing: {names}."),
    "agreement_of_another_kind": lambda: tk._("There is no template for an agreement of this kind."),
    "bad_days": lambda: tk._("Choose a first and a last day, at most {days} days, that aren't over."),
    "too_many_files": lambda: tk._("At most {most} files can be attached. Remove one first."),
    "file_too_long": lambda: tk._("A file may have at most {most} MB. Attach a smaller one."),
    "no_such_attachment": lambda: tk._("There is no such attachment."),
    "no_such_field": lambda: tk._("Nobody asks for a file at this place: “{field}”."),
    "no_file": lambda: tk._("Choose a file that isn't empty."),
    "bad_file_name": lambda: tk._("Give the file a plain name without special characters."),
    "file_kind": lambda: tk._("This kind of file can't be attached. Possible are {names}."),
    "file_not_what_it_says": lambda: tk._(
        "This file isn't what its name says. Save it anew in the format of its ending and attach it again."
    ),
    "file_macros": lambda: tk._("The file holds macros or other embedded objects. Save it without them."),
}
"""Why something is refused, and what to do."""

STATES: Mapping[State, N] = {
    State.DRAFT: lambda: tk._("Draft application"),
    State.SUBMITTED: lambda: tk._("Being examined"),
    State.SUPPLEMENT: lambda: tk._("Supplement wanted"),
    State.APPROVED: lambda: tk._("Agreement to be accepted"),
    State.SIGNED: lambda: tk._("Agreement to be countersigned"),
    State.ACTIVE: lambda: tk._("Being used"),
    State.SUSPENDED: lambda: tk._("Use suspended"),
    State.EXPIRED: lambda: tk._("Term over"),
    State.REFUSED: lambda: tk._("Not approved"),
    State.WITHDRAWN: lambda: tk._("Application withdrawn"),
    State.REVOKED: lambda: tk._("Grant revoked"),
    State.CLOSED: lambda: tk._("Application closed"),
}

COMMANDS: Mapping[Command, N] = {
    Command.EDIT: lambda: tk._("Fill in"),
    Command.DISCARD: lambda: tk._("Discard the draft"),
    Command.JOIN: lambda: tk._("Agree to apply"),
    Command.SUBMIT: lambda: tk._("Submit the application"),
    Command.TAKE: lambda: tk._("Take it"),
    Command.ASSIGN: lambda: tk._("Give it to a colleague"),
    Command.RECUSE: lambda: tk._("Step back from it"),
    Command.ASK: lambda: tk._("Ask for a supplement"),
    Command.ANSWER: lambda: tk._("Send the supplement"),
    Command.EXTEND: lambda: tk._("Put off the answer"),
    Command.OPINE: lambda: tk._("Give the opinion"),
    Command.APPROVE: lambda: tk._("Approve"),
    Command.REFUSE: lambda: tk._("Don't approve"),
    Command.WITHDRAW: lambda: tk._("Withdraw the application"),
    Command.ACCEPT: lambda: tk._("Accept the agreement"),
    Command.COUNTERSIGN: lambda: tk._("Countersign the agreement"),
    Command.MESSAGE: lambda: tk._("Write a message"),
    Command.REPORT: lambda: tk._("Report the use"),
    Command.SUSPEND: lambda: tk._("Suspend the use"),
    Command.RESUME: lambda: tk._("Let it be used again"),
    Command.REVOKE: lambda: tk._("Revoke the grant"),
    Command.END: lambda: tk._("Give it back early"),
    Command.DESTROY: lambda: tk._("Declare the destruction"),
    Command.EXPIRE: lambda: tk._("The term is over"),
    Command.LAPSE: lambda: tk._("The time for it is over"),
    Command.CLOSE: lambda: tk._("What it rests on is gone"),
}

CLOSINGS: Mapping[str, N] = {
    "replaced": lambda: tk._("{about} has taken its place."),
    "term_over": lambda: tk._("Its term was over before both sides had signed."),
    "retired": lambda: tk._("The dataset was taken back."),
    "lapsed": lambda: tk._("The approval of the dataset has lapsed."),
    "class_closed": lambda: tk._("The dataset is closed now."),
    "class_unconditional": lambda: tk._("The dataset is open to everybody now, without an application."),
    "sharing_closed": lambda: tk._("The dataset is not shared any more."),
    "barred": lambda: tk._("The applicant is barred by the data bureau."),
    "not_verified": lambda: tk._("The applicant is not verified by the data bureau any more."),
    "no_account": lambda: tk._("The applicant's account is closed."),
    "no_profile": lambda: tk._("The applicant has no profile any more."),
    "no_agency": lambda: tk._("The applying agency is no longer registered here."),
}
"""Why the portal itself closed or suspended an application, by the code that is kept."""

HAPPENED: Mapping[Command, N] = {
    Command.DISCARD: lambda: tk._("The draft was discarded"),
    Command.JOIN: lambda: tk._("A co-applicant agreed"),
    Command.SUBMIT: lambda: tk._("Application submitted"),
    Command.TAKE: lambda: tk._("Taken by a handler"),
    Command.ASSIGN: lambda: tk._("Given to a handler"),
    Command.RECUSE: lambda: tk._("A handler stepped back"),
    Command.ASK: lambda: tk._("A supplement was asked for"),
    Command.ANSWER: lambda: tk._("The supplement was sent"),
    Command.EXTEND: lambda: tk._("The answer was put off"),
    Command.OPINE: lambda: tk._("The cyberspace office gave its opinion"),
    Command.APPROVE: lambda: tk._("Approved"),
    Command.REFUSE: lambda: tk._("Not approved"),
    Command.WITHDRAW: lambda: tk._("Withdrawn"),
    Command.ACCEPT: lambda: tk._("The agreement was accepted"),
    Command.COUNTERSIGN: lambda: tk._("The agreement is in force"),
    Command.REPORT: lambda: tk._("The use was reported"),
    Command.SUSPEND: lambda: tk._("The use was suspended"),
    Command.RESUME: lambda: tk._("The use goes on"),
    Command.REVOKE: lambda: tk._("The grant was revoked"),
    Command.END: lambda: tk._("Given back early"),
    Command.DESTROY: lambda: tk._("The destruction was declared"),
    Command.EXPIRE: lambda: tk._("The term ended"),
    Command.LAPSE: lambda: tk._("Closed: what was due didn't come in time"),
    Command.CLOSE: lambda: tk._("Closed: what it rests on is gone"),
    Command.MESSAGE: lambda: tk._("A message was written"),
}
"""What a command is called once it was done."""

STAGES: dict[str, tuple[N, N]] = {
    "fill_in": (lambda: tk._("Fill in and submit"), lambda: tk._("What you type is kept until you submit it.")),
    "examined": (lambda: tk._("The agency examines it"), lambda: tk._("You are told when something is wanted.")),
    "supplement": (lambda: tk._("You supply what is missing"), lambda: tk._("The agency's clock stands still.")),
    "answer": (lambda: tk._("Answer"), lambda: tk._("Approved, approved in part, or not approved with the reason.")),
    "sign": (lambda: tk._("Sign the agreement"), lambda: tk._("You accept it, then the agency signs.")),
    "accept": (lambda: tk._("You accept the agreement"), lambda: tk._("Read it; your password signs it.")),
    "countersign": (lambda: tk._("The agency signs"), lambda: tk._("With its signature the grant begins.")),
    "use": (lambda: tk._("Use"), lambda: tk._("By download or interface, as far as it was granted.")),
    "suspended": (lambda: tk._("Use suspended"), lambda: tk._("Nothing can be fetched until it is resumed.")),
    "destroy": (
        lambda: tk._("Destroy the data"),
        lambda: tk._("Destroy what you received and declare it (article 43)."),
    ),
}
"""What is under way or still to come: what it is called, and what happens then."""
STAGES_INSIDE: dict[str, tuple[N, N]] = {
    "examined": (lambda: tk._("The agency examines it"), lambda: tk._("The clock stops while the applicant is asked.")),
    "supplement": (
        lambda: tk._("The applicant supplies what is missing"),
        lambda: tk._("The agency's clock stands still."),
    ),
    "sign": (lambda: tk._("Sign the agreement"), lambda: tk._("The applicant accepts it, then the agency signs.")),
    "accept": (
        lambda: tk._("The applicant accepts the agreement"),
        lambda: tk._("After reading it, by showing again who they are."),
    ),
}
"""The same for those who answer, where it isn't said alike."""
TABS: Mapping[str, N] = {
    "all": lambda: tk._("All"),
    "mine": lambda: tk._("Waiting for you"),
    "under_way": lambda: tk._("Under way"),
    "in_use": lambda: tk._("Being used"),
    "over": lambda: tk._("Over"),
}
"""The lists of whoever applies."""
BEFORE: Mapping[str, N] = {
    "discard": lambda: tk._("The draft is put aside for good."),
    "withdraw": lambda: tk._("The agency stops examining it. You can apply again later."),
    "end": lambda: tk._("Nothing can be fetched from then on. Say what you destroyed, when and how (article 43)."),
    "destroy": lambda: tk._("Say what you destroyed, when and how (article 43)."),
    "report": lambda: tk._("What you made of the data, and whom it serves."),
    "answer": lambda: tk._("Change the application first where that was asked for; then say here what you supply."),
    "join": lambda: tk._("You apply together: you answer for the use as the applicant does."),
}
"""What is said beside the form of a command."""
KINDS_OF_QUESTION: Mapping[str, N] = {
    "text": lambda: tk._("A text"),
    "choice": lambda: tk._("One of several answers"),
    "number": lambda: tk._("A number"),
    "date": lambda: tk._("A day"),
    "file": lambda: tk._("A file"),
}
STEPS: Mapping[str, N] = {
    "party": lambda: tk._("Applicant"),
    "purpose": lambda: tk._("Purpose and basis"),
    "scope": lambda: tk._("Scope of use"),
    "safeguards": lambda: tk._("Keeping it safe"),
    "check": lambda: tk._("Check and submit"),
}
"""The pages of the form."""

ROLES: Mapping[Role, N] = {
    Role.APPLICANT: lambda: tk._("Applicant"),
    Role.PARTNER: lambda: tk._("Co-applicant"),
    Role.HANDLER: lambda: tk._("Provider"),
    Role.HEAD: lambda: tk._("Head of the provider"),
    Role.CYBERSPACE: lambda: tk._("Cyberspace office"),
    Role.BUREAU: lambda: tk._("Data bureau"),
    Role.CLOCK: lambda: tk._("The portal"),
}

KINDS: Mapping[Kind, N] = {
    Kind.OPENING: lambda: tk._("Application for opening"),
    Kind.SHARING: lambda: tk._("Application for sharing"),
}
RELATIONS: Mapping[Relation, N] = {
    Relation.NEW: lambda: tk._("New application"),
    Relation.RENEWAL: lambda: tk._("Renewal"),
    Relation.AMENDMENT: lambda: tk._("Amendment"),
}
RESULTS: Mapping[Result, N] = {
    Result.WHOLE: lambda: tk._("Approved"),
    Result.PART: lambda: tk._("Approved in part"),
}
GROUNDS: Mapping[Ground, N] = {
    Ground.NOT_ELIGIBLE: lambda: tk._("The applicant isn't among those whom the conditions name"),
    Ground.USE_NOT_ALLOWED: lambda: tk._("The purpose is outside the uses that the conditions allow"),
    Ground.MORE_THAN_NEEDED: lambda: tk._("More is asked for than the purpose needs"),
    Ground.SAFEGUARDS: lambda: tk._("The safeguards fall short of what the conditions demand"),
    Ground.NO_BASIS: lambda: tk._("The basis or the contract wasn't shown"),
    Ground.NOT_SUPPLEMENTED: lambda: tk._("What was asked for wasn't supplied"),
    Ground.SECURITY: lambda: tk._("The cyberspace office objects"),
    Ground.LAW: lambda: tk._("A law or regulation forbids it"),
    Ground.BREACHED_BEFORE: lambda: tk._("An earlier grant of the applicant was revoked"),
}
REMARKS: Mapping[str, N] = {
    "ground_not_stated": lambda: tk._(
        "Nothing that the entry states, and nothing that happened, supports this ground: who may use data is decided"
        " by its published conditions (article 27)."
    ),
    "unlike_earlier": lambda: tk._(
        "The same case was answered otherwise before: {numbers} — the same kind of applicant, purpose and columns."
    ),
}
PURPOSES: Mapping[str, N] = {
    "research": lambda: tk._("Scientific research"),
    "product": lambda: tk._("A product or service"),
    "operation": lambda: tk._("The applicant's own operation"),
    "public_service": lambda: tk._("A service to the public"),
    "news": lambda: tk._("News"),
    "education": lambda: tk._("Teaching"),
    "other": lambda: tk._("Another purpose"),
}
BASES: Mapping[str, N] = {
    "law": lambda: tk._("A law or regulation"),
    "contract": lambda: tk._("A contract"),
    "project": lambda: tk._("A project that was approved"),
    "duty": lambda: tk._("A statutory duty"),
    "other": lambda: tk._("Another basis"),
}
METHODS: Mapping[str, N] = {
    "download": lambda: tk._("Download of files"),
    "api": lambda: tk._("Calls of the interface"),
}
FIELDS: Mapping[str, N] = {
    "party": lambda: tk._("Applicant"),
    "partners": lambda: tk._("Co-applicants"),
    "purpose_kind": lambda: tk._("Kind of purpose"),
    "purpose": lambda: tk._("Purpose"),
    "basis_kind": lambda: tk._("Kind of basis"),
    "basis": lambda: tk._("Legal or contractual basis"),
    "basis_file": lambda: tk._("File that shows the basis"),
    "product": lambda: tk._("Planned product"),
    "files": lambda: tk._("Files"),
    "columns": lambda: tk._("Data columns"),
    "rows": lambda: tk._("Rows"),
    "methods": lambda: tk._("Method"),
    "starts": lambda: tk._("First day"),
    "ends": lambda: tk._("Last day"),
    "requests": lambda: tk._("Calls a day that are expected"),
    "necessity": lambda: tk._("Why it is needed"),
    "storage": lambda: tk._("Where it is stored"),
    "people": lambda: tk._("Who has access"),
    "safeguards": lambda: tk._("Safeguards"),
    "retention": lambda: tk._("How long it is kept"),
    "destruction": lambda: tk._("How it is destroyed"),
    "processor": lambda: tk._("Who processes it on behalf"),
    "answers": lambda: tk._("Questions of the agency"),
    "questions": lambda: tk._("Questions to applicants"),
    "aggregates": lambda: tk._("Sums and counts"),
    "whole": lambda: tk._("Files as a whole"),
    "question": lambda: tk._("Question"),
    "answer": lambda: tk._("Answer"),
    "reason": lambda: tk._("Reason"),
    "article": lambda: tk._("Article"),
    "ground": lambda: tk._("Ground"),
    "explanation": lambda: tk._("Explanation"),
    "redress": lambda: tk._("Way of redress"),
    "opinion": lambda: tk._("Opinion"),
    "handler": lambda: tk._("Handler"),
    "hash": lambda: tk._("Fingerprint of the text"),
    "text": lambda: tk._("Text"),
    "declaration": lambda: tk._("Declaration"),
    "password": lambda: tk._("Password"),
    "products": lambda: tk._("What was made: names or addresses"),
}

PROBLEMS: Mapping[str, N] = {
    "missing": lambda: tk._("Fill in “{field}”."),
    "too_long": lambda: tk._("“{field}” has {count} characters; {most} are possible. Shorten it."),
    "not_a_choice": lambda: tk._("Choose one of the values of “{field}”."),
    "file_missing": lambda: tk._("Attach the contract or the approval as a file: it shows the basis (article 22)."),
    "not_a_number": lambda: tk._("“{field}” is a whole number without unit."),
    "not_a_date": lambda: tk._("“{field}” is a day such as 2026-12-21."),
    "ends_before_start": lambda: tk._("The last day is before {start}. Choose a later one."),
    "too_late": lambda: tk._("The longest term is {months} months. Choose {day} or an earlier day."),
    "no_dataset": lambda: tk._("Choose at least one dataset."),
    "not_offered": lambda: tk._("This dataset can't be applied for any more. Remove it from the application."),
    "no_files": lambda: tk._("Choose at least one file."),
    "file_unknown": lambda: tk._("The dataset has no such file now: {names}. Choose again."),
    "no_columns": lambda: tk._("Choose the columns that the purpose needs."),
    "column_not_offered": lambda: tk._("These columns aren't offered: {names}. Leave them out."),
    "method_not_offered": lambda: tk._("The dataset isn't provided this way: {names}. Choose another method."),
    "no_aggregates": lambda: tk._("The dataset offers no sums and counts. Leave them out."),
    "filter_not_offered": lambda: tk._("Rows can't be chosen by “{column}”. Take that choice away."),
    "filter_empty": lambda: tk._("Choose at least one value of “{column}”, or take the choice away."),
    "necessity_missing": lambda: tk._("Say why “{column}” is needed for the purpose."),
    "answer_missing": lambda: tk._("Answer the agency's question “{question}”."),
    "answer_file_missing": lambda: tk._("Attach the file that the agency asks for: “{question}”."),
    "answer_choice": lambda: tk._("Choose one of the answers to “{question}”."),
    "answer_number": lambda: tk._("Answer “{question}” with a number."),
    "answer_date": lambda: tk._("Answer “{question}” with a day such as 2026-12-21."),
    "answer_text": lambda: tk._("The answer to “{question}” is too long. Shorten it."),
    "too_many": lambda: tk._("At most {most} questions can be asked."),
    "question_id": lambda: tk._("Question {number}: its id is letters and digits, and no other has the same."),
    "question_kind": lambda: tk._("Question {number}: choose text, choice, number, date or file."),
    "question_label": lambda: tk._("Question {number}: write the question, at most 300 characters."),
    "question_options": lambda: tk._("Question {number}: give at least two answers to choose from."),
}
"""What is missing or wrong in what is applied for, and how to mend it."""


REGISTER: Mapping[str, N] = {
    "whole": lambda: tk._("Approved"),
    "part": lambda: tk._("Approved in part"),
    "refused": lambda: tk._("Not approved"),
    "open": lambda: tk._("Being examined"),
    "withdrawn": lambda: tk._("Ended without an answer"),
}
"""What became of an application, as the public register says it."""


def register_results() -> dict[str, str]:
    return {name: said() for name, said in REGISTER.items()}


def begun(count: int) -> str:
    said = tk.ungettext("{count} draft was begun.", "{count} drafts were begun, one for each agency.", count)
    return said.format(count=count)


def sent(made: Mapping[str, Any]) -> str:
    if not made["due"]:
        return tk._("Application {number} is sent; the data can be used.").format(number=made["number"])
    day = tk.h.anshan_day_long(made["due"])
    return tk._("Application {number} is sent. You have an answer by {day}.").format(number=made["number"], day=day)


def closing(reason: str) -> str:
    """A reason in words: of one that the portal gave its sentence, of others what somebody wrote."""
    code, _, about = reason.partition(":")
    return CLOSINGS[code]().format(about=about) if code in CLOSINGS else reason


def words(refusal: Refusal) -> str:
    return _filled(WORDS[refusal.code](), refusal.facts)


def coded(refusal: Refusal) -> str:
    """With its code, as an exception of CKAN carries one text."""
    return f"application.{refusal.code} · {words(refusal)}"


def problem(found: Problem) -> str:
    field = FIELDS[found.field]() if found.field in FIELDS else found.field
    return _filled(PROBLEMS[found.code](), {"field": field, **found.facts})


def remark(found: Remark) -> str:
    return _filled(REMARKS[found.code](), found.facts)


def _filled(text: str, facts: Mapping[str, Any]) -> str:
    return text.format(**{"most": forms.MOST_PARTNERS, **{name: _said(name, value) for name, value in facts.items()}})


def _said(name: str, value: Any) -> Any:
    if name == "state":
        return STATES[State(value)]()
    if isinstance(value, (list, tuple)):
        return ("、" if str(lang()).startswith("zh") else ", ").join(_name(one) for one in value)
    return value


def _name(one: Any) -> str:
    return FIELDS[one]() if one in FIELDS else str(one)


def told(error: Any) -> dict[str, str]:
    """Code and sentence of a refusal that an action raised."""
    if not isinstance(error, tk.ValidationError):
        code, _, sentence = str(error.message).partition(" · ")
        return {"code": code, "message": sentence or code}
    texts: dict[str, Any] = dict(error.error_dict)
    code = _many(texts.pop("code", "application.invalid"))
    return {"code": str(code[0]), "message": " ".join(str(text) for many in texts.values() for text in _many(many))}


def _many(texts: Any) -> list[Any]:
    return texts if isinstance(texts, list) else [texts]
