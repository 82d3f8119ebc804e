"""What the log says, to whoever may read it: the history of an object, a search, the checkpoints, a proof."""

from __future__ import annotations

from typing import Any, cast

import ckan.plugins.toolkit as tk
from ckan.types import Context

from . import choosing, options, proving, reading, recording, schema, telling, trusting
from .events import Event, Object
from .readers import reader_of
from .seeing import sees_names

__all__ = [
    "anshan_audit_checkpoint_list",
    "anshan_audit_history",
    "anshan_audit_proof",
    "anshan_audit_search",
]


@tk.side_effect_free
@tk.validate_action_data(schema.history)
def anshan_audit_history(context: Context, data_dict: dict[str, Any]) -> dict[str, Any]:
    """What was done to an object, newest first (articles 40 and 46).

    The history of a dataset or a release is public: what was changed, by role and agency. That of an entry is for its
    agency and the two offices, that of an account for whoever it belongs to and the two offices, all others for the two
    offices and the head of the agency that it is about.

    :param type: ``entry``, ``dataset``, ``release``, ``organization``, ``theme``, ``account`` or ``setting``
    :param id: id of the object, or its name in addresses
    :param group: ``changes``, ``handouts``, ``refusals``, ``logins`` or ``log`` alone (optional)
    :param before: id of an event: older ones only (optional)
    :param after: id of an event: the next newer ones (optional)
    :param limit: how many events, at most 1000 (optional, 50)
    :returns: ``type``, ``id``, ``title``, ``name``, ``scope`` (``all``, ``own``, ``changes``), ``events``, ``older``
        and ``newer`` (what to give as ``before`` and ``after`` for the pages beside this one) and ``is_cut``: nothing
        more was found among as many events as one page looks at. Each event has ``id``, ``at``, ``kind``, ``label``,
        ``outcome``, ``action``, ``code``, ``sentence``, ``who``, ``role``, ``via``, ``agency``, ``object``, ``facts``,
        ``position`` in the tree and the ``body`` that was hashed; ``account``, ``reason``, ``address`` and ``agent``
        are empty for those who may not know them
    :raises NotAuthorized: there is nothing that the caller may see
    :raises ObjectNotFound: there is no such dataset or release
    """
    asked = choosing.history(reader_of(context), data_dict)
    tk.check_access("anshan_audit_history", _with(context, asked.scope), data_dict)
    if asked.scope is None:
        raise tk.NotAuthorized(choosing.nothing())
    if asked.id is None:
        raise tk.ObjectNotFound(choosing.nothing())
    here = (data_dict["type"], asked.id)
    found = reading.page(choosing.of_history(asked, data_dict), data_dict.get("limit") or reading.PAGE)
    names = telling.names_of(found.rows, here)
    events = telling.told(found.rows, asked.reader, names, here)
    if asked.is_of_somebody_else:
        recording.happened(Event("log.read", object=Object(*here), facts={"group": data_dict["group"]}))
    heading = telling.heading(here, asked.reader, names)
    return {**heading, "scope": asked.scope.value, "events": events, **_edges(found)}


@tk.side_effect_free
@tk.validate_action_data(schema.search)
def anshan_audit_search(context: Context, data_dict: dict[str, Any]) -> dict[str, Any]:
    """Events of the whole log, newest first; for the data bureau and the cyberspace office, whose looks are recorded.

    :param person: name of an account, or an address on the net (optional)
    :param agency: id or name of the agency that was acted for (optional)
    :param what: a group as in ``anshan_audit_history``, or a kind such as ``entry.changed`` (optional)
    :param outcome: ``done`` or ``refused`` (optional)
    :param type: of the object (optional)
    :param object: its id or its name in addresses (optional)
    :param since: first day, as in 2026-11-24 (optional)
    :param until: last day (optional)
    :param looks: whether looks into the log are found too (optional, ``false``); ``what`` = ``log.read`` finds them
    :param before: as in ``anshan_audit_history``
    :param after: as in ``anshan_audit_history``
    :param limit: as in ``anshan_audit_history``
    :returns: ``events``, ``older``, ``newer`` and ``is_cut`` as ``anshan_audit_history``; ``unknown``: names of the
        parameters that nothing is known by
    :raises NotAuthorized: the caller belongs to neither office
    """
    reader = reader_of(context)
    tk.check_access("anshan_audit_search", _with(context, reader.inspects), data_dict)
    if not reader.inspects:
        raise tk.NotAuthorized(choosing.nothing())
    asked, unknown = choosing.search(data_dict)
    found = reading.page(asked, data_dict.get("limit") or reading.PAGE) if not unknown else reading.NOTHING
    events = telling.told(found.rows, reader, telling.names_of(found.rows))
    recording.happened(Event("log.read", facts=choosing.facts(data_dict, asked)))
    return {"events": events, "unknown": unknown, **_edges(found)}


@tk.side_effect_free
def anshan_audit_checkpoint_list(context: Context, data_dict: dict[str, Any]) -> dict[str, Any]:
    """How far the log is sealed, and what makes it hard to change; the same for everybody.

    :returns: ``key``: the public key of the checkpoints; ``checkpoints``: the newest ten, each with ``size`` (sealed
        events), ``root``, ``at`` and the signed ``note``; ``events``: how many are sealed; ``waiting_since``: when the
        oldest event was written that isn't sealed yet; ``is_late``: it should be by now; ``witnesses``, each with
        ``name``, ``size``, ``answered``, ``asked`` and ``failing``; ``former``: keys that the log had before, each
        with ``key``, ``at`` (when it was given up), ``size`` (events then), ``lost`` (events that were known to be
        lost) and ``reason``; ``retention``: what becomes of old months, with
        ``months`` (full ones that stay, null where the policy can't be read), ``trim`` (older ones are taken out),
        ``at`` (when the sealer looked last) and ``failing``, null where nothing leaves; ``trimmed``: the months that
        were taken out, each with ``month`` and ``at``
    """
    tk.check_access("anshan_audit_checkpoint_list", context, data_dict)
    return {"key": options.verifier_key(), **trusting.state()}


@tk.side_effect_free
@tk.validate_action_data(schema.proof)
def anshan_audit_proof(context: Context, data_dict: dict[str, Any]) -> dict[str, Any]:
    """What shows that one event stands in the log, for ``offline.py --proof``.

    :param id: of the event
    :returns: ``format``, ``event`` (the body that was hashed), ``position``, ``size``, ``path``, ``checkpoint``; for
        those who may know it ``private``: who did it, from where and why, with the key of the commitment to it
    :raises NotAuthorized: there is no such event that the caller may see
    :raises ObjectNotFound: it isn't sealed yet
    """
    reader, row = reader_of(context), reading.one(data_dict["id"])
    is_seen = row is not None and choosing.sees(reader, row)
    tk.check_access("anshan_audit_proof", _with(context, is_seen), data_dict)
    if row is None or not is_seen:
        raise tk.NotAuthorized(choosing.nothing())
    proof = proving.prove(str(row.id), private=sees_names(reader, row.person, row.organization))
    if proof is None:
        raise tk.ObjectNotFound(tk._("This event is not sealed yet. Try again in a few seconds."))
    return proof


def _edges(found: reading.Page) -> dict[str, Any]:
    older, newer = found.older, found.newer
    return {"older": older and str(older), "newer": newer and str(newer), "is_cut": found.is_cut}


def _with(context: Context, seen: object) -> Context:
    """The decision for the auth function, which would have to ask all of it again."""
    return cast(Context, {**context, "anshan_audit_seen": bool(seen)})
