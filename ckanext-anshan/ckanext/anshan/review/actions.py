"""Submissions: made, signed, returned, rejected, withdrawn, commented on; listed and shown."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import ckan.plugins.toolkit as tk
from ckan.lib.helpers import lang
from ckan.types import Context, DataDict

from ..workflow import clock
from ..workflow import options as workflow_options
from . import (
    checklists,
    counting,
    finding,
    lists,
    looking,
    making,
    messages,
    remarking,
    rules,
    running,
    schema,
    showing,
    standing,
    statistics,
    submissions,
)
from .rules import Command, Key, Refusal
from .running import Act

__all__ = [
    "anshan_review_statistics",
    "anshan_submission_bulk",
    "anshan_submission_check",
    "anshan_submission_clear",
    "anshan_submission_clock",
    "anshan_submission_comment",
    "anshan_submission_create",
    "anshan_submission_difference",
    "anshan_submission_list",
    "anshan_submission_open_at_once",
    "anshan_submission_preview",
    "anshan_submission_propose",
    "anshan_submission_reject",
    "anshan_submission_return",
    "anshan_submission_show",
    "anshan_submission_sign",
    "anshan_submission_withdraw",
]

Given = dict[str, Any]


@tk.validate_action_data(schema.submission_create)
def anshan_submission_create(context: Context, data_dict: DataDict) -> dict[str, Any]:
    """Submit an entry for review: its metadata and the SHA-256 of each file are frozen, and each file is scanned.

    What is signed from then on is this frozen draft; editing the entry changes nothing of it. A submission of the same
    entry that is still under way is replaced.

    :param id: id, name or code of the entry
    :param kind: ``opening`` (a first version, a new one, another class; the default) or ``retirement`` (article 28)
    :param routine: whether, once three keys have signed, later updates of the same class, items, level and conditions
        may pass on the agency's key alone (default: false)
    :param old_versions: when the class gets stricter, earlier versions ``follow`` it or ``stay`` open (default: as
        with the version that is public, else ``follow``)
    :param reason: of a retirement, shown to the public · :param article: that it rests on
    :returns: as ``anshan_submission_show``
    :raises NotAuthorized: the caller is no publisher or head of the entry's agency, or there is no such entry
    :raises ValidationError: a field is empty, a file is a link, nothing was changed since the last version
    """
    tk.check_access("anshan_submission_create", context, data_dict)
    return showing.full(making.submit(context, data_dict), context.get("user"))


@tk.validate_action_data(schema.submission_open_at_once)
def anshan_submission_open_at_once(context: Context, data_dict: DataDict) -> dict[str, Any]:
    """Open an entry in an emergency with the bureau's key alone (article 20). The other keys follow; where they don't
    within the days given, it closes by itself.

    :param id: id, name or code of the entry
    :param reason: shown to the public · :param days: until which every key has to be there
    :returns: as ``anshan_submission_show``
    :raises NotAuthorized: the caller is no member of the data bureau, or it is the bureau's own entry
    :raises ValidationError: the scan of a file isn't done yet (ask again), or it found what blocks
    """
    tk.check_access("anshan_submission_open_at_once", context, data_dict)
    return showing.full(making.open_at_once(context, data_dict), context.get("user"))


@tk.validate_action_data(schema.submission_propose)
def anshan_submission_propose(context: Context, data_dict: DataDict) -> dict[str, Any]:
    """Propose a list of what was open before, to be released together once both offices have signed it (article 28).

    ``ckan anshan release propose`` makes it from a manifest and puts the files into the vault. Each file is scanned.
    The same list that is under way or was released is not proposed again: it is answered with as it is.

    :param manifest: SHA-256 of the manifest · :param title: for the queue; from the entries when not given
    :param lines: list of ``entry`` (id), ``files`` (each ``name``, ``sha256``, ``size``, ``format``, ``mimetype``) and
        ``release_date``, in the order in which they are to be released
    :returns: as ``anshan_submission_show``
    :raises NotAuthorized: the caller is no member of the data bureau; being sysadmin gives nothing
    :raises ValidationError: there is no such entry, it has no class, or the vault doesn't hold a file
    """
    tk.check_access("anshan_submission_propose", context, data_dict)
    return showing.full(lists.propose(context, data_dict), context.get("user"))


@tk.validate_action_data(schema.submission_sign)
def anshan_submission_sign(context: Context, data_dict: DataDict) -> dict[str, Any]:
    """Turn one's key: sign the submission's hash, the hash of its scans, and its class (articles 12, 28 and 30).

    :param id: id or number of the submission
    :param hash: of the submission that was looked at; another one is refused
    :param answers: each item of the checklist to ``yes`` or ``not_applicable``
    :param reason: why, where the scan found something that wants a reason
    :returns: as ``anshan_submission_show``
    :raises NotAuthorized: it is not the caller's key, they submitted it, or they have signed it with another key
    :raises ValidationError: a scan isn't done, something found blocks, an item is not answered, another hash
    """
    tk.check_access("anshan_submission_sign", context, data_dict)
    return showing.full(_signed(context, data_dict, Command.SIGN), context.get("user"))


@tk.validate_action_data(schema.submission_sign)
def anshan_submission_check(context: Context, data_dict: DataDict) -> dict[str, Any]:
    """Look afterwards at a routine update that was drawn, and sign that.

    :param id: id or number of the submission · :param hash: of the submission that was looked at
    :param answers: each item of the checklist to ``yes`` or ``not_applicable`` · :param reason: as when signing
    :returns: as ``anshan_submission_show`` · :raises NotAuthorized, ValidationError: as ``anshan_submission_sign``
    """
    tk.check_access("anshan_submission_check", context, data_dict)
    return showing.full(_signed(context, data_dict, Command.CHECK), context.get("user"))


@tk.validate_action_data(schema.submission_clear)
def anshan_submission_clear(context: Context, data_dict: DataDict) -> dict[str, Any]:
    """Sign over what the scan found to block, as the cyberspace office alone may (article 30). The others then sign
    with a reason.

    :param id: id or number of the submission · :param reason: why it may be opened all the same
    :returns: as ``anshan_submission_show``
    :raises NotAuthorized: the caller is no member of the cyberspace office · :raises ValidationError: nothing blocks
    """
    tk.check_access("anshan_submission_clear", context, data_dict)
    reason = {"reason": data_dict["reason"]}
    row = running.run(context, data_dict["id"], Command.CLEAR, reason, facts=_clearing)
    return showing.full(row, context.get("user"))


@tk.validate_action_data(schema.submission_return)
def anshan_submission_return(context: Context, data_dict: DataDict) -> dict[str, Any]:
    """Return a submission to the agency with what is to be mended. The clock of the reviewers stops.

    :param id: id or number of the submission
    :param remarks: list of ``text``, ``place`` (field, file, column or row; empty: the whole) and ``at`` (which one)
    :param complex: whether mending takes longer than usual (default: false)
    :returns: as ``anshan_submission_show``
    :raises NotAuthorized: the caller doesn't review it now · :raises ValidationError: without a remark, or not now
    """
    tk.check_access("anshan_submission_return", context, data_dict)
    row = running.run(context, data_dict["id"], Command.RETURN, data_dict, remarking.keep_all)
    return showing.full(row, context.get("user"))


@tk.validate_action_data(schema.submission_reject)
def anshan_submission_reject(context: Context, data_dict: DataDict) -> dict[str, Any]:
    """Reject a submission for good. What was open in an emergency is closed.

    :param id: id or number of the submission · :param reason: why · :param article: that it rests on
    :returns: as ``anshan_submission_show``
    :raises NotAuthorized: the caller doesn't review it now · :raises ValidationError: without reason and article
    """
    tk.check_access("anshan_submission_reject", context, data_dict)
    row = running.run(context, data_dict["id"], Command.REJECT, data_dict, facts=_reasons)
    return showing.full(row, context.get("user"))


@tk.validate_action_data(schema.submission_clear)
def anshan_submission_withdraw(context: Context, data_dict: DataDict) -> dict[str, Any]:
    """Withdraw a submission before it is signed by all; a proposed list is withdrawn by the bureau.

    :param id: id or number of the submission · :param reason: for whoever reviewed it; may be left out
    :returns: as ``anshan_submission_show``
    :raises NotAuthorized: it is another agency's · :raises ValidationError: it is too late
    """
    tk.check_access("anshan_submission_withdraw", context, data_dict)
    row = running.run(context, data_dict["id"], Command.WITHDRAW, data_dict, facts=_reasons)
    return showing.full(row, context.get("user"))


@tk.validate_action_data(schema.submission_comment)
def anshan_submission_comment(context: Context, data_dict: DataDict) -> dict[str, Any]:
    """Write to the other parties of a review, with a file if need be.

    :param id: id or number of the submission · :param text: the comment
    :param internal: for the two offices alone; the agency doesn't see it (default: false)
    :param upload: a file beside it
    :returns: as ``anshan_submission_show``
    :raises NotAuthorized: the caller has no part in it, or the comment is internal and they are no office
    """
    tk.check_access("anshan_submission_comment", context, data_dict)
    given = remarking.with_attachment(data_dict)
    row = running.run(context, data_dict["id"], Command.COMMENT, given, remarking.keep_comment)
    return showing.full(row, context.get("user"))


@tk.validate_action_data(schema.submission_bulk)
def anshan_submission_bulk(context: Context, data_dict: DataDict) -> dict[str, Any]:
    """Sign or return many submissions, each by itself: what is refused of one leaves the others alone.

    Only submissions whose scan found nothing are signed like this.

    :param command: ``sign`` or ``return``
    :param submissions: list of what ``anshan_submission_sign`` or ``anshan_submission_return`` take, each with its own
        reason or remarks
    :returns: ``done`` (numbers) and ``refused``: list of ``id``, ``code`` and ``message``
    """
    tk.check_access("anshan_submission_bulk", context, data_dict)
    done: list[str] = []
    refused: list[dict[str, str]] = []
    for one in data_dict["submissions"]:
        try:
            done.append(_one_of_many(context, data_dict["command"], one))
        except (tk.ValidationError, tk.NotAuthorized) as error:
            refused.append({"id": str(one["id"]), **messages.told(error)})
    return {"done": done, "refused": refused}


@tk.side_effect_free
@tk.validate_action_data(schema.submission_list)
def anshan_submission_list(context: Context, data_dict: DataDict) -> dict[str, Any]:
    """Submissions that the caller sees: an agency's own, everybody's for the two offices. Emergencies first, then what
    is due soonest.

    :param mine: ``waiting`` for the caller (the default), ``returned``, ``open``, ``sampled``, ``done`` or ``all``
    :param q: words of title, number, code or agency
    :param agency: id or name · :param entry: id of the entry
    :param opening_class: ``unconditional``, ``conditional`` or ``closed``
    :param kind: ``opening``, ``retirement`` or ``list`` · :param way: ``full``, ``routine`` or ``emergency``
    :param state: as ``docs/review.md`` names them
    :param scan: ``running``, ``clean``, ``inform``, ``reason`` or ``block``
    :param due: ``late``, ``today`` or ``week`` · :param ids: only these, by id or number
    :param checklist: whether each tells what the caller answers before signing (default: false)
    :param limit: how many (default 50, at most 500) · :param offset: how many to pass over
    :returns: ``count``; ``submissions`` as ``anshan_submission_show`` without content, with ``change``: first, update,
        class or, once it is decided, nothing; ``tiles``: how many wait, are late, due today and this week, lie with the
        agencies, are under way; ``agencies`` to choose from; ``role`` of the caller: cyberspace, bureau, deputy, head
        or editor; ``days`` (working days of a step), ``today``; of an empty list ``next``: ``number``, ``title``,
        ``due``, ``left`` and whether it is ``mine``, of what is due next, if anything is
    :raises NotAuthorized: the caller has no part in any review
    """
    tk.check_access("anshan_submission_list", context, data_dict)
    today, who = clock.today(), finding.desk(context.get("user"))
    rows = finding.find(who, data_dict, today)
    return {
        "count": finding.count(who, data_dict, today),
        "submissions": showing.listed(rows, context.get("user"), with_checklist=data_dict["checklist"]),
        "tiles": finding.tiles(who, today),
        "agencies": finding.agencies(who),
        "role": who.role,
        "days": workflow_options.days_to_review(),
        "today": today.isoformat(),
        "next": showing.due_next(finding.next_due(who, today), today) if not rows else None,
    }


@tk.side_effect_free
@tk.validate_action_data(schema.submission_show)
def anshan_submission_show(context: Context, data_dict: DataDict) -> dict[str, Any]:
    """A submission: what was frozen, the scans beside it, the keys, what happened, and what the caller may do now.

    :param id: id or number of the submission
    :returns: ``number``, ``kind``, ``way``, ``state``, ``title``, ``opening_class``, ``hash``, ``scan_hash``,
        ``severity``, ``findings``; ``agency``; ``due`` (day) and ``left`` (working days); ``keys``: of each ``state``
        (signed, yours, waits, not_wanted), ``by``, ``organization``, ``at``; ``frozen``, ``files``, ``scans``,
        ``events``, ``remarks``, ``checklist``; ``commands``: what the caller may do; ``against``: why they can't sign
    :raises NotAuthorized: there is no such submission, or the caller has no part in it
    """
    tk.check_access("anshan_submission_show", context, data_dict)
    row = _seen(context, data_dict["id"])
    return showing.full(row, context.get("user"))


@tk.side_effect_free
@tk.validate_action_data(schema.submission_difference)
def anshan_submission_difference(context: Context, data_dict: DataDict) -> dict[str, Any]:
    """What a submission changes in what was released before, field by field and row by row.

    Values of columns in which a scan found something are masked.

    :param id: id or number of the submission
    :param version: number of the version to compare with; the newest one before this submission when not given
    :returns: ``is_first``: nothing was released before; ``before``: ``version``, ``opening_class``, ``release_date``;
        ``fields``: ``label``, ``before``, ``after`` (also as ``before_words``, ``after_words``), ``internal``,
        ``flagged`` (class, level or basis); ``items``: ``name``, ``code`` (added, removed, changed), ``what``;
        ``files``: ``name``, ``code`` (also same, renamed), and of a changed ``table`` ``columns_added``,
        ``columns_removed``, ``retyped``, ``added``, ``removed``, ``changed`` with up to five rows of each, or the
        ``problem``: too_large, no_table, unreadable, gone; ``counts``; ``with_internal``: whether fields that are not
        public were compared too
    :raises NotAuthorized: there is no such submission, or the caller has no part in it
    :raises ObjectNotFound: there was no such version before it, or it is a list
    """
    tk.check_access("anshan_submission_difference", context, data_dict)
    return looking.difference(_seen(context, data_dict["id"]), data_dict.get("version"))


@tk.side_effect_free
@tk.validate_action_data(schema.submission_preview)
def anshan_submission_preview(context: Context, data_dict: DataDict) -> dict[str, Any]:
    """The first 20 rows of a submitted file. Values of columns in which its scan found something are masked; while it
    isn't scanned, none are shown.

    :param id: id or number of the submission · :param file: its name; of a list ``code of the entry/name``
    :param only_found: only rows with a value in a column in which something was found (default: false)
    :returns: ``name``, ``format``, ``size``; ``columns``: ``name``, ``type``, ``finding`` (block, reason, inform or
        empty); ``rows``, ``numbers`` (of each, from 1), ``total``; ``unplaced``: a finding hides all values, since
        nobody knows its column; ``problem``: why there are no rows: not_scanned, no_table, too_large, unreadable, gone
    :raises NotAuthorized: there is no such submission, or the caller has no part in it
    :raises ObjectNotFound: it has no such file
    """
    tk.check_access("anshan_submission_preview", context, data_dict)
    return looking.preview(_seen(context, data_dict["id"]), data_dict["file"], only_found=data_dict["only_found"])


@tk.side_effect_free
@tk.validate_action_data(schema.submission_show)
def anshan_submission_clock(context: Context, data_dict: DataDict) -> dict[str, Any]:
    """The clock of a submission: each step with its dates, and how they were counted, day by day (article 12).

    :param id: id or number of the submission
    :returns: ``number``, ``title``, ``state``, ``due``, ``left`` (working days), ``today``; ``steps``: of each
        ``state``, ``owes`` (whose turn), ``began``, ``due``, ``ended``, ``by``, ``given``, ``used``, ``left``,
        ``is_late``, ``stops`` (whether the reviewers' clock stands still), ``done`` (who signed when) and ``days``:
        ``date``, ``counts``, ``why`` (working, weekend, holiday, swapped, make_up) and ``name`` of a holiday;
        ``limits``: the options with their values; ``unknown_years``: of which the worked weekends aren't known yet
    :raises NotAuthorized: there is no such submission, or the caller has no part in it
    """
    tk.check_access("anshan_submission_clock", context, data_dict)
    return counting.told(_seen(context, data_dict["id"]))


@tk.side_effect_free
@tk.validate_action_data(schema.review_statistics)
def anshan_review_statistics(context: Context, data_dict: DataDict) -> dict[str, Any]:
    """What the review did in a period: the two offices see everybody's figures, an agency's people their own.

    :param since: first day, as in 2026-01-01 (default: a year before the last)
    :param until: last day (default: today)
    :param agency: id or name of the only agency to look at (default: all that the caller sees)
    :returns: ``since``, ``until``; ``counts``: how many were submitted, published, returned, rejected, withdrawn;
        ``steps``: of agency, cyberspace, bureau, correction and whole ``count``, ``median`` and ``ninth`` (working days
        that half and nine of ten took at the most), ``limited`` (how many had a last day) and ``in_time``; ``returns``:
        ``place`` of the remark, ``role``, ``remarks``, ``returns``; ``under_way``: ``open`` and ``late`` now;
        ``agencies``: the same of each, in time by its own steps; ``choices``: agencies to choose from
    :raises NotAuthorized: the caller is of neither office and of no agency, or it is another agency
    :raises ValidationError: a day can't be read, or the last one is before the first
    """
    tk.check_access("anshan_review_statistics", context, data_dict)
    agencies = statistics.scope(context.get("user"), data_dict["agency"])
    if isinstance(agencies, Refusal):
        standing.refuse(agencies)
    since, until = statistics.period(data_dict["since"], data_dict["until"], clock.today())
    found = statistics.figures(since, until, agencies)
    return found | {"choices": finding.agencies(finding.desk(context.get("user")))}


def _seen(context: Context, id: str) -> Any:
    row = submissions.find(id)
    if row is None or not standing.may_see(standing.person(context.get("user"), row.agency)):
        standing.refuse(Refusal("unknown"))
    return row


def _signed(context: Context, given: Mapping[str, Any], command: Command) -> Any:
    """Sign; the items of the checklist that are not answered go into the decision."""
    row = _seen(context, str(given["id"]))
    person, case = standing.person(context.get("user"), row.agency), standing.case_of(row)
    step = rules.TABLE.get((case.state, command))
    key = rules.key_for(case, person, step) if step else None
    unanswered = _unanswered(key, case, given.get("answers") or {})
    given = {**given, "unanswered": unanswered, "answers": given.get("answers") or ({} if unanswered else {"-": "yes"})}
    return running.run(context, row.id, command, given)


def _unanswered(key: Key | None, case: rules.Case, answers: Mapping[str, str]) -> list[str]:
    if key is None:
        return []
    open_ones = set(checklists.unanswered(key, case.kind, case.opening_class, answers))
    items = checklists.items(key, case.kind, case.opening_class)
    return [one.text(str(lang())) for one in items if one.id in open_ones]


def _one_of_many(context: Context, command: str, one: Mapping[str, Any]) -> str:
    if command == "return":
        return tk.get_action("anshan_submission_return")(_fresh(context), dict(one))["number"]
    row = _seen(context, str(one["id"]))
    refusal = rules.may_be_signed_together(standing.case_of(row))
    if refusal:
        standing.refuse(Refusal(refusal.code, {"number": row.number}))
    return tk.get_action("anshan_submission_sign")(_fresh(context), dict(one))["number"]


def _fresh(context: Context) -> Context:
    return Context(user=context.get("user", ""))


def _clearing(act: Act) -> dict[str, Any]:
    return {"scan_hash": act.case.scan_hash, "reason": act.given["reason"]}


def _reasons(act: Act) -> dict[str, Any]:
    return {name: act.given[name] for name in ("reason", "article") if act.given.get(name)}
