"""The pages of whoever applies: begun, filled in step by step, listed, followed, answered; and what agencies ask."""

from __future__ import annotations

from typing import Any

import ckan.plugins.toolkit as tk
from flask import Blueprint, jsonify

from ..access import messages as access_messages
from ..access.rules import Refusal
from ..theme.errors import error_page
from ..workflow import clock
from . import attaching, beginning, filling, forms, messages, questioning, reading
from .judging import judging
from .resulting import results
from .rules import Command
from .signing_views import agreement

__all__ = ["agreement", "application", "judging", "results"]

application = Blueprint("anshan_application", __name__)

ONE = "/application/<number>"
STEPS = ", ".join(forms.STEPS)
COMMANDS = ", ".join(one.value for one in reading.OWN)


@application.before_request
def _never_kept() -> None:
    """Who looks decides what is shown."""
    tk.request.environ["__no_cache__"] = True


@application.errorhandler(tk.NotAuthorized)
def _not_yours(error: Any) -> Any:
    """A visitor logs in and comes back; who may not even know of it reads that there is nothing."""
    if tk.current_user.is_anonymous:
        return tk.redirect_to("user.login", came_from=tk.h.anshan_here())
    told = messages.told(error)
    return error_page(404 if told["code"] == "application.unknown" else 403, told["message"])


@application.errorhandler(tk.ObjectNotFound)
def _not_there(error: Any) -> Any:
    return error_page(404)


@application.errorhandler(tk.ValidationError)
def _not_like_this(error: Any) -> Any:
    return error_page(400, messages.told(error)["message"])


# beginning


@application.get("/application/new")
def new() -> str:
    """For which datasets and for whom to apply; what isn't offered says why."""
    return _new(tk.request.args)[0]


@application.post("/application/new")
def begin() -> Any:
    """Begins a draft for each agency, and leads to the first one's form."""
    form = tk.request.form
    named = ("kind", "party", "copy_of", "follows", "relation")
    given = {name: form[name] for name in named if form.get(name)}
    try:
        made = tk.get_action("anshan_application_create")({}, {**given, "datasets": form.getlist("dataset")})
    except tk.ValidationError as wrong:
        return _new(form, messages.told(wrong)["message"])
    if len(made) > 1:
        tk.h.flash_success(messages.begun(len(made)))
    return tk.redirect_to("anshan_application.edit", number=made[0]["number"], step=filling.FIRST)


def _new(asked: Any, wrong: str = "") -> tuple[str, int]:
    tk.check_access("anshan_application_create", {}, {})
    shown = beginning.page(asked)
    return tk.render("application/new.html", {"page": shown, "wrong": wrong}), 400 if wrong else 200


# the form


@application.get(f"{ONE}/edit/<any({STEPS}):step>")
def edit(number: str, step: str) -> Any:
    """A page of the form, with what is typed so far."""
    return _step(_shown(number), step, "look" in tk.request.args)


@application.post(f"{ONE}/edit/<any({STEPS}):step>")
def save(number: str, step: str) -> Any:
    """Keeps a page of the form, and goes where its button leads; a script that saves is answered in JSON."""
    made, form = _shown(number), tk.request.form
    try:
        made = filling_in(made, step)
    except tk.ValidationError as wrong:
        return _not_kept(made, step, messages.told(wrong)["message"])
    if _is_script():
        return jsonify(_kept(made, step))
    look, to = filling.next_page(made, step, form.get("go", "next"))
    if to == filling.LEAVE:
        return tk.redirect_to("anshan_application.mine", shown=made["number"])
    return tk.redirect_to("anshan_application.edit", number=number, step=to, **({"look": 1} if look else {}))


def filling_in(made: dict[str, Any], step: str) -> dict[str, Any]:
    """What was typed, attached and taken away, by the actions that do it; the application afterwards."""
    form, files = tk.request.form, tk.request.files
    given = filling.given(made, step, form)
    if given:
        made = tk.get_action("anshan_application_update")({}, {"id": made["id"], **given})
    for field, upload in filling.uploads(files):
        made = tk.get_action("anshan_application_attach")({}, {"id": made["id"], "field": field, "upload": upload})
    if form.get("detach"):
        made = tk.get_action("anshan_application_detach")({}, {"id": made["id"], "attachment": form["detach"]})
    return made


def _not_kept(made: dict[str, Any], step: str, wrong: str) -> Any:
    if _is_script():
        return jsonify({"error": wrong}), 400
    typed = filling.content(step, tk.request.form)
    return _step({**made, "content": {**made["content"], **typed}}, step, False, wrong), 400


def _kept(made: dict[str, Any], step: str) -> dict[str, Any]:
    told = _view(made, step, False)
    parts = {name: tk.render(f"application/snippets/{name}.html", told) for name in ("steps", "summary")}
    return {"saved": clock.now().strftime("%H:%M"), "parts": parts}


def _is_script() -> bool:
    return tk.request.accept_mimetypes.best == "application/json"


def _step(made: dict[str, Any], step: str, look: bool, wrong: str = "") -> Any:
    if made["state"] not in filling.OPEN_TO_CHANGES:
        return tk.redirect_to("anshan_application.show", number=made["number"])
    return tk.render("application/edit.html", {**_view(made, step, look), "wrong": wrong})


def _view(made: dict[str, Any], step: str, look: bool) -> dict[str, Any]:
    return {"made": made, "step": step, "words": messages, "view": filling.view(made, step, look, clock.today())}


@application.post(f"{ONE}/submit")
def submit(number: str) -> Any:
    """Sends it; what is missing is told on the last page of the form."""
    try:
        made = tk.get_action("anshan_application_submit")({}, {"id": number})
    except tk.ValidationError as wrong:
        return _step(_shown(number), filling.LAST, True, messages.told(wrong)["message"]), 400
    tk.h.flash_success(messages.sent(made))
    return tk.redirect_to("anshan_application.show", number=made["number"])


@application.get(f"{ONE}/attachment/<id>")
def attachment(number: str, id: str) -> Any:
    """A file beside an application, for those who have a part in it."""
    answer = attaching.handed_out(_shown(number), id)
    if isinstance(answer, Refusal):
        return error_page(access_messages.STATUS[answer.code], access_messages.words(answer))
    return answer


# following


@application.get("/applications")
def mine() -> str:
    """The reader's applications, what waits for them first, and beside them the course of one."""
    asked = reading.asked(tk.request.args)
    found = tk.get_action("anshan_application_list")({}, reading.listed(asked))
    return tk.render("application/list.html", reading.page(found, asked, clock.today()))


@application.get(ONE)
def show(number: str) -> Any:
    """An application: what was asked, what was decided, messages, events, and what the reader may do now."""
    return _page(number)[0]


@application.post(f"{ONE}/<any({COMMANDS}):command>")
def act(number: str, command: str) -> Any:
    """Does what the applicant may do with it; what can't be done is said there, with what was typed."""
    given = {name: tk.request.form[name] for name in reading.WANTS[command] if name in tk.request.form}
    try:
        made = tk.get_action(f"anshan_application_{command}")({}, {**given, "id": number})
    except tk.ValidationError as wrong:
        return _page(number, {**given, "command": command}, messages.told(wrong)["message"])
    tk.h.flash_success(messages.HAPPENED[Command(command)]())
    return tk.redirect_to("anshan_application.show", number=made["number"])


def _page(number: str, typed: Any = None, wrong: str = "") -> tuple[str, int]:
    made = _shown(number)
    shown = {"made": made, "typed": typed or {}, "wrong": wrong, "words": messages}
    return tk.render(
        "application/show.html", {**shown, "view": reading.one(made, clock.today())}
    ), 400 if wrong else 200


@application.get(f"{ONE}/clock")
def counted(number: str) -> str:
    """How the date of the answer was counted, day by day."""
    told = tk.get_action("anshan_application_clock")({}, {"id": number})
    return tk.render("application/clock.html", {"told": told})


def _shown(number: str) -> dict[str, Any]:
    return tk.get_action("anshan_application_show")({}, {"id": number})


# what an agency asks


@application.get("/entry/<id>/questions")
def questions(id: str) -> str:
    """What the agency asks of those who apply for the dataset of an entry."""
    found = questioning.found(id)
    return _questions(found, questioning.rows(found["form"]["questions"]))[0]


@application.post("/entry/<id>/questions")
def set_questions(id: str) -> Any:
    """Adds, moves, takes away a question on the page, or keeps them all as a new version."""
    found, rows = questioning.found(id), questioning.typed(tk.request.form)
    if not questioning.is_saving(tk.request.form):
        return _questions(found, questioning.changed(rows, tk.request.form))[0]
    try:
        asked = {"dataset": found["dataset"], "questions": questioning.given(rows)}
        tk.get_action("anshan_application_form_update")({}, asked)
    except tk.ValidationError as wrong:
        return _questions(found, rows, messages.told(wrong)["message"])
    tk.h.flash_success(tk._("What is asked is kept. Whoever begins to apply from now on answers it."))
    return tk.redirect_to("anshan_application.questions", id=id)


def _questions(found: Any, rows: Any, wrong: str = "") -> tuple[str, int]:
    tk.check_access("anshan_application_form_update", {}, {"dataset": found["dataset"]})
    shown = {"found": found, "rows": rows, "wrong": wrong, "kinds": questioning.kinds()}
    return tk.render("application/questions.html", shown), 400 if wrong else 200
