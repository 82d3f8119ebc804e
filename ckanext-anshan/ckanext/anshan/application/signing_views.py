"""The pages of agreements: read, signed, printed, checked by anybody; and of reports, of a misuse by anybody too."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

import ckan.plugins.toolkit as tk
from flask import Blueprint, Response

from ..agreement.fonts import NoFont
from ..theme.errors import error_page
from . import agreeing, confirming, desking, messages
from .rules import Command

__all__ = ["agreement"]

agreement = Blueprint("anshan_agreement", __name__)

ONE = "/application/<number>/agreement"
SIGNED = (Command.ACCEPT.value, Command.COUNTERSIGN.value)
MISUSE = ("dataset", "text", "where", "number")
PAGE = 20


@agreement.before_request
def _never_kept() -> None:
    """Who looks decides what is shown, and an agreement may be suspended at any time."""
    tk.request.environ["__no_cache__"] = True


@agreement.errorhandler(tk.NotAuthorized)
def _not_yours(error: Any) -> Any:
    """A visitor logs in and comes back; who may not even know of it reads that there is nothing."""
    if tk.current_user.is_anonymous:
        return tk.redirect_to("user.login", came_from=tk.h.anshan_here())
    told = messages.told(error)
    return error_page(404 if told["code"] == "application.unknown" else 403, told["message"])


@agreement.errorhandler(tk.ValidationError)
def _not_like_this(error: Any) -> Any:
    told = messages.told(error)
    return error_page(404 if told["code"] == "application.no_agreement" else 400, told["message"])


@agreement.errorhandler(NoFont)
def _no_font(error: Any) -> Any:
    return error_page(
        HTTPStatus.SERVICE_UNAVAILABLE,
        tk._("The PDF can't be made just now, since its font is missing. The page of the agreement can be printed."),
    )


# reading and signing


@agreement.get(ONE)
def show(number: str) -> Any:
    """The agreement of an application, with the form by which the reader signs it where it is theirs to sign."""
    return _page(number)[0]


@agreement.post(f"{ONE}/<any({', '.join(SIGNED)}):command>")
def sign(number: str, command: str) -> Any:
    """Accepts or countersigns the text that was read; what keeps it from being signed is said there."""
    form = tk.request.form
    given = {"id": number, "hash": form.get("hash", ""), "password": form.get("password", "")}
    if not form.get("read"):
        return _page(number, command, tk._("Tick that you have read the agreement; nothing was signed."))
    try:
        made = tk.get_action(f"anshan_application_{command}")({}, given)
    except tk.ValidationError as wrong:
        return _page(number, command, messages.told(wrong)["message"])
    tk.h.flash_success(messages.HAPPENED[Command(command)]())
    return tk.redirect_to("anshan_application.show", number=made["number"])


def _page(number: str, command: str = "", wrong: str = "") -> tuple[str, int]:
    told = tk.get_action("anshan_agreement_show")({}, {"id": number})
    signs = next((one for one in told["signs"] if one["is_theirs"]), None)
    shown = {"told": told["page"], "made": told, "signs": signs, "command": command, "wrong": wrong}
    ways = {
        "way": confirming.way(),
        "is_proved": confirming.is_done(),
        "verify_url": agreeing.address(told["page"]["code"]),
    }
    return tk.render("application/agreement.html", shown | ways), 400 if wrong else 200


@agreement.get(f"{ONE}.pdf")
def pdf(number: str) -> Any:
    """The agreement to be kept or printed, for its own sides."""
    named, made = agreeing.pdf({"user": tk.current_user.name}, number)
    answer = Response(made, mimetype="application/pdf")
    answer.headers.set("Content-Disposition", "inline", filename=f"agreement-{named}.pdf")
    return answer


# checking


@agreement.get("/agreement/verify")
def verify() -> Any:
    """Where whoever holds an agreement checks it by its code."""
    code = tk.request.args.get("code", "").strip()[:200].replace("/", " ").strip()
    if code:
        given = {"hash": one} if (one := tk.request.args.get("hash", "").strip()[:400]) else {}
        return tk.redirect_to("anshan_agreement.verify_code", code=code, **given)
    return tk.render("application/verify.html", {"found": None, "code": "", "hash": "", "wrong": ""})


@agreement.get("/agreement/verify/<code>")
def verify_code(code: str) -> Any:
    """What a code says: of which agreement it is, whether that is in force, and whether a hash is that of its text."""
    asked = {"code": code[:200].replace("\0", ""), "hash": tk.request.args.get("hash", "")[:400].replace("\0", "")}
    try:
        found, wrong = tk.get_action("anshan_agreement_verify")({}, asked), ""
    except tk.ValidationError as error:
        found, wrong = None, messages.told(error)["message"]
    status = HTTPStatus.TOO_MANY_REQUESTS if wrong else 200 if found and found["is_found"] else 404
    return tk.render("application/verify.html", {"found": found, **asked, "wrong": wrong}), status


# reports


@agreement.get("/application/misuse")
def misuse() -> str:
    """A form for whoever saw that data are used otherwise than they may be; nobody has to say who they are."""
    return tk.render("application/misuse.html", {"typed": tk.request.args, "wrong": "", "done": None})


@agreement.post("/application/misuse")
def report_misuse() -> Any:
    """Sends it to the provider and the data bureau."""
    given = {name: tk.request.form.get(name, "") for name in MISUSE}
    try:
        done = tk.get_action("anshan_misuse_report")({}, given)
    except tk.ValidationError as error:
        told = messages.told(error)
        is_many = told["code"] == "application.too_many_reports"
        shown = {"typed": given, "wrong": told["message"], "done": None}
        return tk.render("application/misuse.html", shown), HTTPStatus.TOO_MANY_REQUESTS if is_many else 400
    return tk.render("application/misuse.html", {"typed": {}, "wrong": "", "done": done})


@agreement.get("/applications/misuse")
def misuses() -> str:
    """Reports of a misuse of the agency's data, for those who answer for it; all of them for the data bureau."""
    return _reports("misuse")[0]


@agreement.get("/applications/reports")
def reports() -> str:
    """Use reports and declarations of destruction, and which are due next."""
    return _reports("use")[0]


@agreement.post("/applications/<any(misuse, reports):kind>/<int:id>")
def answer_report(kind: str, id: int) -> Any:
    """Answers a report, once."""
    given = tk.request.form.get("answer", "")
    try:
        tk.get_action("anshan_report_answer")({}, {"id": id, "answer": given})
    except tk.ValidationError as error:
        wrong = {"id": id, "answer": given, "message": messages.told(error)["message"]}
        return _reports("misuse" if kind == "misuse" else "use", wrong)
    tk.h.flash_success(tk._("Your answer is kept; whoever sent the report with an account was told."))
    return tk.redirect_to("anshan_agreement.misuses" if kind == "misuse" else "anshan_agreement.reports")


def _reports(kind: str, wrong: Any = None) -> tuple[str, int]:
    page = desking.page_number(tk.request.args.get("page", ""))
    asked = {"kind": kind, "limit": PAGE, "offset": PAGE * (page - 1)}
    found = tk.get_action("anshan_report_list")({}, asked)
    pages = desking.pages(page, len(found["reports"]), found["count"], PAGE)
    shown = {"found": found, "kind": kind, "pages": pages, "wrong": wrong}
    return tk.render("application/reports.html", shown), 400 if wrong else 200
