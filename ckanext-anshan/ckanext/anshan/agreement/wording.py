"""What is said of an agreement beside its text, in both languages: they are printed side by side in one document."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timezone
from typing import Any

from ..workflow import clock
from .rules import LANGUAGES, Side, Signature, Standing, State, Text, day, hash_of, plain

MARKS: Mapping[State, Text] = {
    State.PREPARED: {"zh": "未生效", "en": "Not in force"},
    State.ACCEPTED: {"zh": "未生效", "en": "Not in force"},
    State.IN_FORCE: {"zh": "已生效", "en": "In force"},
    State.SUSPENDED: {"zh": "已暂停", "en": "Suspended"},
    State.REVOKED: {"zh": "已撤销", "en": "Revoked"},
    State.ENDED: {"zh": "已终止", "en": "Ended"},
    State.VOID: {"zh": "作废", "en": "Void"},
}
SAID: Mapping[State, Text] = {
    State.PREPARED: {
        "zh": "本协议尚未生效：等待乙方接受。",
        "en": "This agreement is not yet in force: Party B has not accepted it.",
    },
    State.ACCEPTED: {
        "zh": "本协议尚未生效：乙方已接受，等待甲方会签。",
        "en": "This agreement is not yet in force: Party B has accepted it, Party A has not countersigned.",
    },
    State.IN_FORCE: {"zh": "本协议已生效。", "en": "This agreement is in force."},
    State.SUSPENDED: {"zh": "本协议约定的利用已暂停。", "en": "Use under this agreement is suspended."},
    State.REVOKED: {"zh": "依据本协议的授权已撤销。", "en": "The grant under this agreement has been revoked."},
    State.ENDED: {"zh": "本协议约定的利用已终止。", "en": "Use under this agreement has ended."},
    State.VOID: {"zh": "本协议未生效，已作废。", "en": "This agreement never came into force and is void."},
}
SINCE: Text = {"zh": "时间：{since}。", "en": " Since {since}."}
REASON: Text = {"zh": "理由：{reason}", "en": " Reason: {reason}"}
ARTICLE: Text = {"zh": "（依据：{article}）", "en": " ({article})"}

SIDES: Mapping[Side, Text] = {
    Side.AGENCY: {"zh": "甲方（数据提供部门）", "en": "Party A (provider)"},
    Side.HOLDER: {"zh": "乙方", "en": "Party B"},
}
SIGNED: Mapping[Side, Text] = {
    Side.AGENCY: {
        "zh": "已会签：{person}，{at}，重新验证身份",
        "en": "Countersigned by {person}, {at}, identity proven again",
    },
    Side.HOLDER: {
        "zh": "已接受：{person}，{at}，重新验证身份",
        "en": "Accepted by {person}, {at}, identity proven again",
    },
}
UNSIGNED: Mapping[Side, Text] = {
    Side.AGENCY: {"zh": "尚未会签", "en": "Not yet countersigned"},
    Side.HOLDER: {"zh": "尚未接受", "en": "Not yet accepted"},
}


@dataclass(frozen=True)
class Row:
    """A line of the signature block."""

    side: Text
    name: str
    said: Text
    is_signed: bool

    @property
    def both(self) -> dict[str, Any]:
        return {"side": dict(self.side), "name": self.name, "said": dict(self.said)}


def standing(one: Standing) -> dict[str, str]:
    """The sentence about how it stands, with since when, why and by which article where that is known."""
    since = {language: moment(one.since, language) for language in LANGUAGES} if one.since else {}
    return {
        language: SAID[one.state][language]
        + (SINCE[language].format(since=since[language]) if since else "")
        + (REASON[language].format(reason=plain(one.reason)) if plain(one.reason) else "")
        + (ARTICLE[language].format(article=plain(one.article)) if plain(one.article) else "")
        for language in LANGUAGES
    }


def signature_rows(document: Mapping[str, Any], signatures: Sequence[Signature]) -> list[Row]:
    """甲方, then each of 乙方; a signature under another text isn't shown."""
    wanted = hash_of(document)
    given = {(one.side, one.party): one for one in signatures if one.hash == wanted}
    parties = [(Side.AGENCY, 0, document["facts"]["agency"])]
    parties += [(Side.HOLDER, n, one) for n, one in enumerate(document["facts"]["holders"])]
    return [_row(side, one["name"], given.get((side, n))) for side, n, one in parties]


def _row(side: Side, name: str, one: Signature | None) -> Row:
    if one is None:
        return Row(SIDES[side], plain(name), UNSIGNED[side], False)
    said = {
        language: SIGNED[side][language].format(person=plain(one.person), at=moment(one.at, language))
        for language in LANGUAGES
    }
    return Row(SIDES[side], plain(name), said, True)


def moment(at: datetime, language: str) -> str:
    local = at.astimezone(clock.zone())
    return f"{day(local.date(), language)} {local:%H:%M:%S}"


def date_parts(at: datetime) -> dict[str, int]:
    """As the layout takes a time, in UTC."""
    names = ("year", "month", "day", "hour", "minute", "second")
    return {name: getattr(at.astimezone(timezone.utc), name) for name in names}
