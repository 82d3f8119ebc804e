"""Applications: begun, sent, answered, agreed, used and ended; listed and shown (articles 20 to 22, 27, 35 and 43)."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

import ckan.plugins.toolkit as tk
from ckan.types import Context, DataDict

from . import (
    agreeing,
    answering,
    applications,
    attaching,
    drafting,
    examining,
    finding,
    forming,
    listing,
    messages,
    registering,
    reporting,
    running,
    schema,
    showing,
    signing,
    using,
)
from .rules import Command, Role

__all__ = [
    "anshan_agreement_show",
    "anshan_agreement_verify",
    "anshan_application_accept",
    "anshan_application_answer",
    "anshan_application_approve",
    "anshan_application_ask",
    "anshan_application_assign",
    "anshan_application_attach",
    "anshan_application_bulk",
    "anshan_application_clock",
    "anshan_application_countersign",
    "anshan_application_create",
    "anshan_application_deputy_end",
    "anshan_application_deputy_list",
    "anshan_application_deputy_name",
    "anshan_application_destroy",
    "anshan_application_detach",
    "anshan_application_discard",
    "anshan_application_end",
    "anshan_application_examine",
    "anshan_application_extend",
    "anshan_application_figures",
    "anshan_application_form_show",
    "anshan_application_form_update",
    "anshan_application_identify",
    "anshan_application_join",
    "anshan_application_list",
    "anshan_application_message",
    "anshan_application_opine",
    "anshan_application_recuse",
    "anshan_application_refuse",
    "anshan_application_register",
    "anshan_application_remarks",
    "anshan_application_report",
    "anshan_application_resume",
    "anshan_application_revoke",
    "anshan_application_show",
    "anshan_application_submit",
    "anshan_application_suspend",
    "anshan_application_take",
    "anshan_application_update",
    "anshan_application_withdraw",
    "anshan_misuse_report",
    "anshan_report_answer",
    "anshan_report_list",
]

Told = dict[str, Any]


@tk.validate_action_data(schema.application_create)
def anshan_application_create(context: Context, data_dict: DataDict) -> list[Told]:
    """Begin applications for datasets: a draft for each agency that provides them, since each agency decides by itself.

    :param datasets: names or ids · :param kind: ``opening`` (default) or ``sharing``, between agencies (article 21)
    :param party: for whom, ``person:<id>``, ``organization:<id>`` or ``agency:<id>``; may be left out where the caller
        acts for one alone
    :param copy_of: an application of the caller's own whose text is taken over
    :param follows: the application that it renews or amends · :param relation: ``renewal`` or ``amendment``
    :returns: list of what ``anshan_application_show`` returns
    :raises NotAuthorized: without an account, or for a sysadmin · :raises ValidationError: not offered, no profile
    """
    tk.check_access("anshan_application_create", context, data_dict)
    return [showing.full(row, context.get("user")) for row in drafting.begin(context, data_dict)]


@tk.validate_action_data(schema.application_update)
def anshan_application_update(context: Context, data_dict: DataDict) -> Told:
    """Keep what was typed into a draft, or into what is supplemented. What isn't named stays as it is.

    :param id: id or number of the application
    :param content: names and values of the base: ``purpose_kind``, ``purpose``, ``basis_kind``, ``basis``,
        ``product``, ``starts``, ``ends``, ``requests``, ``storage``, ``people``, ``safeguards``, ``retention``,
        ``destruction``, ``processor`` (article 22)
    :param items: list of ``dataset_id``, ``scope`` (``files``, ``columns``, ``rows``, ``whole``, ``methods``,
        ``aggregates``), ``answers`` (to the agency's questions) and ``necessity`` (column to why it is needed)
    :param partners: who applies beside the applicant, each ``kind:id``, the unified social credit code of an
        organization, or the name of a person's account
    :returns: as ``anshan_application_show``; ``problems`` names what is still missing
    :raises NotAuthorized: not the caller's · :raises ValidationError: it was sent already, or can't be stored
    """
    tk.check_access("anshan_application_update", context, data_dict)
    return showing.full(drafting.edit(context, data_dict), context.get("user"))


@tk.validate_action_data(schema.application_attach)
def anshan_application_attach(context: Context, data_dict: DataDict) -> Told:
    """Attach a file to a draft, or to what is supplemented; it is scanned, and those who judge see what was found.

    :param id: id or number of the application
    :param field: ``basis``, or ``<id of the dataset>/<id of the question>`` where the agency asks for a file
    :param upload: the file: PDF, OFD, Word, Excel, CSV, text or a picture, without macros
    :returns: as ``anshan_application_show``
    :raises NotAuthorized: not the caller's
    :raises ValidationError: too long, too many, of another kind, or nobody asks for it there
    """
    tk.check_access("anshan_application_attach", context, data_dict)
    return showing.full(attaching.attach(context, data_dict), context.get("user"))


@tk.validate_action_data(schema.application_detach)
def anshan_application_detach(context: Context, data_dict: DataDict) -> Told:
    """Take an attached file away from a draft, or from what is supplemented.

    :param id: id or number of the application · :param attachment: its id
    :returns: as ``anshan_application_show``
    :raises NotAuthorized: not the caller's · :raises ValidationError: there is none, or it was sent already
    """
    tk.check_access("anshan_application_detach", context, data_dict)
    return showing.full(attaching.detach(context, data_dict), context.get("user"))


@tk.validate_action_data(schema.application_id)
def anshan_application_join(context: Context, data_dict: DataDict) -> Told:
    """Agree to apply together with the applicant.

    :param id: id or number of the draft · :returns: as ``anshan_application_show``
    :raises NotAuthorized: the caller acts for nobody who was named in it · :raises ValidationError: agreed already
    """
    tk.check_access("anshan_application_join", context, data_dict)
    return showing.full(drafting.join(context, data_dict["id"]), context.get("user"))


@tk.validate_action_data(schema.application_id)
def anshan_application_discard(context: Context, data_dict: DataDict) -> Told:
    """Put a draft aside for good.

    :param id: id or number of the draft · :returns: as ``anshan_application_show``
    :raises NotAuthorized: not the caller's · :raises ValidationError: it was sent already
    """
    tk.check_access("anshan_application_discard", context, data_dict)
    return showing.full(running.run(context, data_dict["id"], Command.DISCARD, {}), context.get("user"))


@tk.validate_action_data(schema.application_id)
def anshan_application_submit(context: Context, data_dict: DataDict) -> Told:
    """Send an application: its text is frozen with a hash, it gets its number, and the agency's clock begins.

    What agencies share unconditionally is in use at once (article 21).

    :param id: id or number of the draft · :returns: as ``anshan_application_show``
    :raises NotAuthorized: not the caller's
    :raises ValidationError: something is missing, not eligible, a co-applicant hasn't agreed, no longer offered
    """
    tk.check_access("anshan_application_submit", context, data_dict)
    return showing.full(drafting.submit(context, data_dict["id"]), context.get("user"))


@tk.validate_action_data(schema.application_answer)
def anshan_application_answer(context: Context, data_dict: DataDict) -> Told:
    """Send what the agency asked for; its clock goes on. Change the application first with the update.

    :param id: id or number · :param answer: what was supplied, in words
    :returns: as ``anshan_application_show``
    :raises NotAuthorized: not the caller's · :raises ValidationError: nothing was asked, something is missing
    """
    tk.check_access("anshan_application_answer", context, data_dict)
    return showing.full(drafting.answer(context, data_dict), context.get("user"))


@tk.validate_action_data(schema.application_reason)
def anshan_application_withdraw(context: Context, data_dict: DataDict) -> Told:
    """Withdraw an application before the agreement is in force.

    :param id: id or number · :param reason: for the agency; may be left out
    :returns: as ``anshan_application_show``
    :raises NotAuthorized: not the caller's · :raises ValidationError: it is too late
    """
    tk.check_access("anshan_application_withdraw", context, data_dict)
    return showing.full(running.run(context, data_dict["id"], Command.WITHDRAW, data_dict), context.get("user"))


@tk.validate_action_data(schema.application_id)
def anshan_application_take(context: Context, data_dict: DataDict) -> Told:
    """Take an application as its handler.

    :param id: id or number · :returns: as ``anshan_application_show``
    :raises NotAuthorized: the caller doesn't work for the agency, or stepped back · :raises ValidationError: taken
    """
    tk.check_access("anshan_application_take", context, data_dict)
    return showing.full(running.run(context, data_dict["id"], Command.TAKE, {}), context.get("user"))


@tk.validate_action_data(schema.application_assign)
def anshan_application_assign(context: Context, data_dict: DataDict) -> Told:
    """Give an application to a colleague, as the head of the agency or whoever stands in for it.

    :param id: id or number · :param handler: id of the user · :returns: as ``anshan_application_show``
    :raises NotAuthorized: the caller isn't head · :raises ValidationError: of another agency, or stepped back
    """
    tk.check_access("anshan_application_assign", context, data_dict)
    return showing.full(answering.assign(context, data_dict), context.get("user"))


@tk.validate_action_data(schema.application_reason)
def anshan_application_recuse(context: Context, data_dict: DataDict) -> Told:
    """Step back from an application, for instance because of an interest of one's own; for good.

    :param id: id or number · :param reason: for the head
    :returns: as ``anshan_application_show``
    :raises NotAuthorized: the caller doesn't work for the agency · :raises ValidationError: without a reason
    """
    tk.check_access("anshan_application_recuse", context, data_dict)
    return showing.full(running.run(context, data_dict["id"], Command.RECUSE, data_dict), context.get("user"))


@tk.validate_action_data(schema.application_ask)
def anshan_application_ask(context: Context, data_dict: DataDict) -> Told:
    """Ask the applicant for what is missing; the agency's clock stops until they answer.

    :param id: id or number · :param question: shown to the applicant · :returns: as ``anshan_application_show``
    :raises NotAuthorized: the caller doesn't answer it · :raises ValidationError: without a question, or not now
    """
    tk.check_access("anshan_application_ask", context, data_dict)
    return showing.full(running.run(context, data_dict["id"], Command.ASK, data_dict), context.get("user"))


@tk.validate_action_data(schema.application_reason)
def anshan_application_extend(context: Context, data_dict: DataDict) -> Told:
    """Put off the answer once, with notice to the applicant.

    :param id: id or number · :param reason: shown to the applicant
    :returns: as ``anshan_application_show``
    :raises NotAuthorized: the caller doesn't answer it · :raises ValidationError: put off already, or no reason
    """
    tk.check_access("anshan_application_extend", context, data_dict)
    return showing.full(running.run(context, data_dict["id"], Command.EXTEND, data_dict), context.get("user"))


@tk.validate_action_data(schema.application_opine)
def anshan_application_opine(context: Context, data_dict: DataDict) -> Told:
    """Agree or object as the cyberspace office, where the entry asks for it: without it nothing is approved.

    :param id: id or number · :param opinion: ``agree`` or ``object`` · :param reason: for the agency
    :returns: as ``anshan_application_show``
    :raises NotAuthorized: the caller is no member of the office · :raises ValidationError: none is wanted, or given
    """
    tk.check_access("anshan_application_opine", context, data_dict)
    return showing.full(answering.opine(context, data_dict), context.get("user"))


@tk.validate_action_data(schema.application_approve)
def anshan_application_approve(context: Context, data_dict: DataDict) -> Told:
    """Approve an application, whole or in part, and draw up the agreement (articles 21, 22 and 27).

    :param id: id or number · :param hash: of the text that was read; another one is refused
    :param scopes: dataset's id to what is granted of it: less than was asked for; a dataset left out is refused;
        without ``scopes`` all is granted as asked
    :param ends: an earlier last day · :param conditions: list of texts that go into the agreement
    :param seen: code of each point that is made to the judge (equal opening), to why all the same
    :returns: as ``anshan_application_show``
    :raises NotAuthorized: the caller doesn't answer it, or stepped back
    :raises ValidationError: more than was asked for, the opinion is missing or against, a point without a reason
    """
    tk.check_access("anshan_application_approve", context, data_dict)
    return showing.full(answering.approve(context, data_dict), context.get("user"))


@tk.validate_action_data(schema.application_refuse)
def anshan_application_refuse(context: Context, data_dict: DataDict) -> Told:
    """Refuse an application with a structured reason (articles 21 and 27).

    :param id: id or number
    :param ground: ``not_eligible``, ``use_not_allowed``, ``more_than_needed``, ``safeguards``, ``no_basis``,
        ``not_supplemented``, ``security``, ``law`` or ``breached_before``
    :param article: that it rests on · :param explanation: shown to the applicant · :param redress: what they can do
    :param seen: code of each point that is made to the judge (equal opening), to why all the same
    :returns: as ``anshan_application_show``
    :raises NotAuthorized: the caller doesn't answer it · :raises ValidationError: a part of the reason is missing
    """
    tk.check_access("anshan_application_refuse", context, data_dict)
    return showing.full(answering.refuse(context, data_dict), context.get("user"))


@tk.validate_action_data(schema.application_sign)
def anshan_application_accept(context: Context, data_dict: DataDict) -> Told:
    """Accept the agreement as an applicant; every co-applicant does.

    :param id: id or number · :param hash: of the agreement that was read · :param password: of the account, once more
    :returns: as ``anshan_application_show``
    :raises NotAuthorized: not the caller's · :raises ValidationError: another agreement, or the password isn't right
    """
    tk.check_access("anshan_application_accept", context, data_dict)
    return showing.full(signing.accept(context, data_dict), context.get("user"))


@tk.validate_action_data(schema.application_sign)
def anshan_application_countersign(context: Context, data_dict: DataDict) -> Told:
    """Sign the agreement as the head of the provider; with it the grant begins.

    :param id: id or number · :param hash: of the agreement that was read · :param password: of the account, once more
    :returns: as ``anshan_application_show``
    :raises NotAuthorized: the caller isn't head, or signed for the other side
    :raises ValidationError: not accepted by all, another agreement, or the password isn't right
    """
    tk.check_access("anshan_application_countersign", context, data_dict)
    return showing.full(signing.countersign(context, data_dict), context.get("user"))


@tk.validate_action_data(schema.application_message)
def anshan_application_message(context: Context, data_dict: DataDict) -> Told:
    """Write to the other side.

    :param id: id or number · :param text: the message
    :param internal: for the agency and the offices alone (default: false)
    :returns: as ``anshan_application_show``
    :raises NotAuthorized: the caller has no part in it · :raises ValidationError: without a text
    """
    tk.check_access("anshan_application_message", context, data_dict)
    return showing.full(_written(context, data_dict), context.get("user"))


def _written(context: Context, data_dict: DataDict) -> Any:
    def keep(act: running.Act) -> None:
        inside = act.role not in (Role.APPLICANT, Role.PARTNER) and bool(act.given["internal"])
        applications.add_message(act.row.id, act.role.value, act.person.id, act.given["text"], is_internal=inside)

    return running.run(context, data_dict["id"], Command.MESSAGE, data_dict, keep)


@tk.validate_action_data(schema.application_report)
def anshan_application_report(context: Context, data_dict: DataDict) -> Told:
    """Report what was made of the data, as the agreement asks for.

    :param id: id or number · :param text: the report · :param products: names or addresses of what was made
    :returns: as ``anshan_application_show``
    :raises NotAuthorized: not the caller's · :raises ValidationError: nothing is in use, or without a text
    """
    tk.check_access("anshan_application_report", context, data_dict)
    return showing.full(using.report(context, data_dict), context.get("user"))


@tk.validate_action_data(schema.application_suspend)
def anshan_application_suspend(context: Context, data_dict: DataDict) -> Told:
    """Suspend the use at once, as the provider or one of the offices (article 46). A download that runs stops.

    :param id: id or number · :param reason: shown to the applicant · :param article: that it rests on
    :returns: as ``anshan_application_show``
    :raises NotAuthorized: another's · :raises ValidationError: without reason and article, or not in use
    """
    tk.check_access("anshan_application_suspend", context, data_dict)
    return showing.full(using.suspend(context, data_dict), context.get("user"))


@tk.validate_action_data(schema.application_reason)
def anshan_application_resume(context: Context, data_dict: DataDict) -> Told:
    """Let it be used again, as the head of the provider.

    :param id: id or number · :param reason: shown to the applicant
    :returns: as ``anshan_application_show``
    :raises NotAuthorized: the caller isn't head · :raises ValidationError: it isn't suspended
    """
    tk.check_access("anshan_application_resume", context, data_dict)
    return showing.full(using.resume(context, data_dict), context.get("user"))


@tk.validate_action_data(schema.application_revoke)
def anshan_application_revoke(context: Context, data_dict: DataDict) -> Told:
    """Revoke a grant that was suspended before, for good.

    :param id: id or number · :param reason: shown to the applicant · :param article: that it rests on
    :param redress: what they can do · :returns: as ``anshan_application_show``
    :raises NotAuthorized: the caller isn't head · :raises ValidationError: not suspended, or a part is missing
    """
    tk.check_access("anshan_application_revoke", context, data_dict)
    return showing.full(using.revoke(context, data_dict), context.get("user"))


@tk.validate_action_data(schema.application_declare)
def anshan_application_end(context: Context, data_dict: DataDict) -> Told:
    """Give a grant back early, and declare the destruction of what was received (article 43).

    :param id: id or number · :param declaration: what was destroyed, when and how
    :returns: as ``anshan_application_show``
    :raises NotAuthorized: not the caller's · :raises ValidationError: not in use, or without a declaration
    """
    tk.check_access("anshan_application_end", context, data_dict)
    return showing.full(using.end(context, data_dict), context.get("user"))


@tk.validate_action_data(schema.application_declare)
def anshan_application_destroy(context: Context, data_dict: DataDict) -> Told:
    """Declare the destruction of what was received, once the term is over (article 43).

    :param id: id or number · :param declaration: what was destroyed, when and how
    :returns: as ``anshan_application_show``
    :raises NotAuthorized: not the caller's · :raises ValidationError: not over yet, or without a declaration
    """
    tk.check_access("anshan_application_destroy", context, data_dict)
    return showing.full(using.destroy(context, data_dict), context.get("user"))


@tk.validate_action_data(schema.application_bulk)
def anshan_application_bulk(context: Context, data_dict: DataDict) -> Told:
    """Answer many applications, each by itself and with its own reason: what is refused of one leaves the others alone.

    :param command: ``approve``, ``refuse``, ``ask`` or ``extend``
    :param applications: list of what the action of that command takes
    :returns: ``done`` (numbers) and ``refused``: list of ``id``, ``code`` and ``message``
    """
    tk.check_access("anshan_application_bulk", context, data_dict)
    done: list[str] = []
    refused: list[dict[str, str]] = []
    action = tk.get_action(f"anshan_application_{data_dict['command']}")
    for one in data_dict["applications"]:
        try:
            done.append(action({"user": context.get("user") or ""}, dict(one))["number"])
        except (tk.ValidationError, tk.NotAuthorized) as error:
            refused.append({"id": str(one["id"]), **messages.told(error)})
    return {"done": done, "refused": refused}


@tk.side_effect_free
@tk.validate_action_data(schema.application_id)
def anshan_application_show(context: Context, data_dict: DataDict) -> Told:
    """An application with all that the caller may know of it: scope, parties, events, messages, agreement.

    :param id: id or number · :returns: what it says, ``commands`` that the caller has now, ``problems`` of a draft
    :raises NotAuthorized: the caller has no part in it, or there is none: the same answer
    """
    tk.check_access("anshan_application_show", context, data_dict)
    row = applications.find(data_dict["id"])
    return showing.full(row, context.get("user")) if row else showing.unknown()


@tk.side_effect_free
@tk.validate_action_data(schema.application_id)
def anshan_application_clock(context: Context, data_dict: DataDict) -> Told:
    """How the date of the answer was counted: each span in which the agency's clock ran or stood, day by day.

    :param id: id or number · :returns: ``number``, ``state``, ``clock`` (``used``, ``left``, ``stopped`` working days,
        ``due``) and ``spans``: ``kind``, ``began``, ``ended``, ``due``, ``used`` and ``days``
    :raises NotAuthorized: the caller has no part in it, or there is none: the same answer
    """
    tk.check_access("anshan_application_clock", context, data_dict)
    row = applications.find(data_dict["id"])
    return showing.clock_of(row, context.get("user")) if row else showing.unknown()


@tk.side_effect_free
@tk.validate_action_data(schema.application_list)
def anshan_application_list(context: Context, data_dict: DataDict) -> Told:
    """Applications of the caller's side: what they applied for, what lies with their agency, or all for the offices.

    :param side: ``applicant`` (default), ``provider`` or ``offices``
    :param group: ``mine`` (waits for this side), ``waiting`` (for the applicant), ``under_way``, ``in_use`` or ``over``
    :param state: one state alone · :param q: part of a title or number · :param kind: ``opening`` or ``sharing``
    :param dataset: name or id · :param handler: ``me`` or ``nobody`` · :param due: ``late``, ``today`` or ``week``
    :param ids: numbers, of these alone · :param limit: how many (default: 20, at most 100)
    :param offset: how many to leave out before
    :param shown: a number, or ``first``: of that one ``shown`` has ``clock``, ``events`` and what is still to come
    :returns: ``count``, ``counts`` of each group and of what is due, and ``applications``: what is due soonest first
    :raises NotAuthorized: the caller has no account, or is sysadmin
    """
    tk.check_access("anshan_application_list", context, data_dict)
    return listing.of(context, data_dict)


@tk.side_effect_free
@tk.validate_action_data(schema.form_show)
def anshan_application_form_show(context: Context, data_dict: DataDict) -> Told:
    """What an agency asks of those who apply for a dataset, beside the base of the form.

    :param dataset: name or id · :returns: ``version`` (0: nothing is asked), ``questions``, and
        ``versions``: ``version``, ``created`` and how many ``questions``
    """
    tk.check_access("anshan_application_form_show", context, data_dict)
    return forming.show(context, data_dict["dataset"])


@tk.validate_action_data(schema.form_update)
def anshan_application_form_update(context: Context, data_dict: DataDict) -> Told:
    """Set what is asked of those who apply for a dataset: a new version; applications keep the one they began with.

    :param dataset: name or id
    :param questions: list of ``id``, ``kind`` (text, choice, number, date or file), ``label``, ``label_en``, ``help``,
        ``is_required`` and ``options``
    :returns: as ``anshan_application_form_show``
    :raises NotAuthorized: the caller doesn't work for the agency · :raises ValidationError: a question is wrong
    """
    tk.check_access("anshan_application_form_update", context, data_dict)
    return forming.update(context, data_dict)


@tk.validate_action_data(schema.deputy_name)
def anshan_application_deputy_name(context: Context, data_dict: DataDict) -> Told:
    """Name a publisher of one's agency who does what its head does with applications, from a day to a day.

    :param agency: id or name of the organization · :param user: id or name · :param starts: first day
    :param ends: last day, at most 92 days later
    :returns: ``id``, ``agency``, ``user``, ``starts`` and ``ends``
    :raises NotAuthorized: the caller isn't its head · :raises ValidationError: not a publisher of it, or wrong days
    """
    tk.check_access("anshan_application_deputy_name", context, data_dict)
    return forming.name_deputy(context, data_dict)


@tk.validate_action_data(schema.deputy_end)
def anshan_application_deputy_end(context: Context, data_dict: DataDict) -> None:
    """Take the deputy's place back before its time.

    :param id: of the deputy
    :raises NotAuthorized: the caller isn't head of that agency
    """
    tk.check_access("anshan_application_deputy_end", context, data_dict)
    forming.end_deputy(context, data_dict["id"])


@tk.side_effect_free
@tk.validate_action_data(schema.deputy_list)
def anshan_application_deputy_list(context: Context, data_dict: DataDict) -> list[Told]:
    """Who stands in for the head of an agency with applications, now or later.

    :param agency: id or name of the organization
    :returns: list of ``id``, ``agency``, ``user``, ``name``, ``starts``, ``ends`` and ``is_now``
    :raises NotAuthorized: the caller isn't its head
    """
    tk.check_access("anshan_application_deputy_list", context, data_dict)
    return forming.deputies(context, data_dict["agency"])


@tk.side_effect_free
@tk.validate_action_data(schema.application_id)
def anshan_application_examine(context: Context, data_dict: DataDict) -> Told:
    """What lies beside an application for those who answer it or look after it (articles 21, 22 and 27).

    :param id: id or number
    :returns: ``datasets`` (what is asked of each, beside what its entry offers), ``earlier`` (what others got),
        ``parties`` (with whether each is eligible), ``problems``, ``grounds`` (each with whether anything supports it),
        ``remarks`` (what would be pointed out for ``approve`` and ``refuse``), ``articles``, ``redress`` and
        ``colleagues``
    :raises NotAuthorized: the caller neither answers it nor looks after it
    """
    tk.check_access("anshan_application_examine", context, data_dict)
    return examining.of(context, data_dict["id"])


@tk.side_effect_free
@tk.validate_action_data(schema.application_remarks)
def anshan_application_remarks(context: Context, data_dict: DataDict) -> list[Told]:
    """What would be pointed out to the judge if this answer were given (article 27); nothing is given or kept.

    :param id: id or number · :param command: ``approve`` (default) or ``refuse``
    :param scopes: of an approval, as ``anshan_application_approve`` takes them · :param ground: of a refusal
    :returns: list of ``code``, ``facts`` and ``words``
    :raises NotAuthorized: the caller doesn't answer it
    """
    tk.check_access("anshan_application_remarks", context, data_dict)
    return examining.remarks(context, data_dict)


@tk.validate_action_data(schema.application_identify)
def anshan_application_identify(context: Context, data_dict: DataDict) -> list[Told]:
    """Who applies, in full, for whoever judges it; who read it and why is on the log before it is told.

    :param id: id or number · :param reason: why it is read
    :returns: list of ``kind``, ``id`` and what the profile of each party says
    :raises NotAuthorized: the caller doesn't judge it, or applies for it themselves
    :raises ValidationError: without a reason
    """
    tk.check_access("anshan_application_identify", context, data_dict)
    return examining.identify(context, data_dict)


@tk.side_effect_free
@tk.validate_action_data(schema.register)
def anshan_application_register(context: Context, data_dict: DataDict) -> Told:
    """The public register of applications for opening and what became of them; nobody can be told apart in it.

    :param dataset: name or id · :param agency: id of the organization · :param year: in which it was submitted
    :param result: ``whole``, ``part``, ``refused``, ``open`` or ``withdrawn``
    :param figures: false: the rows alone, for whoever reads on (default: true)
    :param limit: how many (default: 20, at most 10,000) · :param offset: how many to leave out before
    :returns: ``count``, ``figures`` (of all that were chosen: ``applied``, ``answered``, ``whole``, ``part``,
        ``refused``, ``late``, ``days`` on average, ``timely`` in percent), ``grounds``, ``agencies``, ``years`` and
        ``applications``
    """
    tk.check_access("anshan_application_register", context, data_dict)
    return registering.of(data_dict)


@tk.side_effect_free
@tk.validate_action_data(schema.figures)
def anshan_application_figures(context: Context, data_dict: DataDict) -> Told:
    """How many applied for a dataset, or for any, and how they were answered.

    :param dataset: id; left out: of all
    :returns: ``applied``, ``answered``, ``whole``, ``part``, ``refused``, ``late`` and ``days``
    """
    tk.check_access("anshan_application_figures", context, data_dict)
    return asdict(finding.figures(data_dict["dataset"]))


# agreements and reports


@tk.side_effect_free
@tk.validate_action_data(schema.application_id)
def anshan_agreement_show(context: Context, data_dict: DataDict) -> Told:
    """The agreement of an application, with how it stands and what the caller may sign of it now (article 22).

    :param id: id or number of the application
    :returns: ``number``, ``titles``, ``state``, ``due``, ``page`` (the text in both languages, ``hash``, ``code``,
        ``signatures``), ``signs``: list of ``command``, ``is_theirs``, ``is_possible`` and ``why_not``, ``may_print``
    :raises NotAuthorized: the caller has no part in it, or there is none: the same answer
    :raises ValidationError: there is no agreement yet
    """
    tk.check_access("anshan_agreement_show", context, data_dict)
    return agreeing.show(context, data_dict["id"])


@tk.side_effect_free
@tk.validate_action_data(schema.agreement_verify)
def anshan_agreement_verify(context: Context, data_dict: DataDict) -> Told:
    """Check an agreement by its verification code; who applied isn't told, only of what kind they are.

    :param code: as it is printed, however it is typed · :param hash: SHA-256 of the text to compare with
    :returns: ``is_code``, ``is_found``, and of one that is found ``number``, ``hash``, ``is_same``, ``provider``,
        ``kinds``, ``starts``, ``ends``, ``state``, ``is_in_force`` and ``signed``
    :raises ValidationError: too many wrong codes were sent from this address
    """
    tk.check_access("anshan_agreement_verify", context, data_dict)
    return agreeing.verify(data_dict)


@tk.validate_action_data(schema.misuse_report)
def anshan_misuse_report(context: Context, data_dict: DataDict) -> Told:
    """Report a misuse of data, without saying who one is; its provider and the data bureau are told (article 35).

    :param dataset: name or id · :param text: what was seen · :param where: where it was seen
    :param number: of the application, where one is known
    :returns: ``dataset`` and ``title``
    :raises ValidationError: without a text, no such dataset, or too many were sent from this address
    """
    tk.check_access("anshan_misuse_report", context, data_dict)
    return reporting.misuse(context, data_dict)


@tk.side_effect_free
@tk.validate_action_data(schema.report_list)
def anshan_report_list(context: Context, data_dict: DataDict) -> Told:
    """Reports to the caller's agencies, or all for the data bureau; those first that nobody has answered.

    :param kind: ``use`` (default; with the declarations of destruction) or ``misuse``
    :param limit: how many (default: 20, at most 100) · :param offset: how many to leave out before
    :returns: ``count``, ``reports``, and for ``use`` also ``owed``: the applications whose next report is due soonest
    :raises NotAuthorized: the caller answers for no agency and is no member of the data bureau
    """
    tk.check_access("anshan_report_list", context, data_dict)
    return reporting.listed(context, data_dict)


@tk.validate_action_data(schema.report_answer)
def anshan_report_answer(context: Context, data_dict: DataDict) -> Told:
    """Answer a report, once; it is kept, and whoever sent it with an account is told.

    :param id: of the report · :param answer: what was found and done
    :returns: as one of ``anshan_report_list``
    :raises NotAuthorized: it isn't to the caller's agency · :raises ValidationError: answered already, or no text
    """
    tk.check_access("anshan_report_answer", context, data_dict)
    return reporting.answer(context, data_dict)
