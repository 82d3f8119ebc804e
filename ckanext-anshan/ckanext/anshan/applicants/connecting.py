"""Logging in with an identity service (OpenID Connect): code flow with PKCE, state and nonce, checked by authlib.

An account is bound to the service's name for somebody (issuer and subject) and made at the first log-in. None is ever
found by its e-mail address or name, which the service doesn't own.
"""

from __future__ import annotations

import logging
from collections.abc import Collection, Mapping, Sequence
from hashlib import sha256
from typing import Any

import ckan.plugins.toolkit as tk
import requests
import sqlalchemy as sa
from authlib.common.errors import AuthlibBaseError
from authlib.integrations.flask_client import OAuth
from authlib.integrations.flask_client.apps import FlaskOAuth2App
from ckan import model
from flask import current_app
from joserfc.errors import JoseError

from ..audit import recording
from ..audit.events import Event
from . import filling, identities, keeping, messages, options, rules
from .model import login
from .rules import PERSON, Party, PersonState, Refusal

log = logging.getLogger(__name__)

NAME = "anshan"  # of the service, among what the session keeps
SECONDS = 10  # that the service may take for an answer
LEEWAY = 60  # seconds by which its clock may be wrong
SIGNED_BY = frozenset({"RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA"})
"""Signatures by a key that the service alone has: none at all, or one that anybody could make, is refused."""
ENDPOINTS = ("authorization_endpoint", "token_endpoint", "userinfo_endpoint", "jwks_uri")
DISCOVERY = "/.well-known/openid-configuration"
Claims = Mapping[str, Any]


class Refused(Exception):
    """Nobody is logged in."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.refusal = Refusal(code)


def begin(callback: str, *, again: bool = False) -> Any:
    """The way to the identity service. :raises Refused: there is none, or it can't be reached

    :param again: to somebody who is logged in there it shows its form all the same
    """
    asked = {"prompt": "login", "max_age": 0} if again else {}
    try:
        return service().authorize_redirect(callback, **asked)
    except (requests.RequestException, AuthlibBaseError, RuntimeError, ValueError) as error:
        log.warning("the identity service can't be reached: %s", error)
        raise Refused("oidc_away") from error


def service() -> FlaskOAuth2App:
    """Made for each log-in: what the service says of itself and its keys is never older than that."""
    if not options.is_oidc_on():
        raise Refused("oidc_off")
    _need_guarded([options.issuer()])
    found = OAuth(current_app).register(
        NAME,
        overwrite=True,
        client_id=options.client_id(),
        client_secret=options.client_secret() or None,
        server_metadata_url=options.issuer().rstrip("/") + DISCOVERY,
        client_kwargs={
            "scope": " ".join(options.scopes()),
            "code_challenge_method": "S256",
            "default_timeout": SECONDS,
            **({} if options.client_secret() else {"token_endpoint_auth_method": "none"}),
        },
    )
    _need_own(found.load_server_metadata())
    return found


def _need_guarded(addresses: Sequence[str]) -> None:
    bare = [one for one in addresses if not rules.is_guarded(one)]
    if bare:
        log.error("the identity service must be at https addresses: %s (ckanext.anshan.oidc.issuer)", ", ".join(bare))
        raise Refused("oidc_bare")


def _need_own(metadata: dict[str, Any]) -> None:
    """What is found at the issuer's address speaks for that issuer, and its signatures are ones that bind."""
    if metadata.get("issuer") != options.issuer():
        log.error("the identity service at %s calls itself %s", options.issuer(), metadata.get("issuer"))
        raise Refused("oidc_refused")
    _need_guarded([str(metadata[name]) for name in ENDPOINTS if metadata.get(name)])
    offered = metadata.get("id_token_signing_alg_values_supported") or ["RS256"]
    metadata["id_token_signing_alg_values_supported"] = [one for one in offered if one in SIGNED_BY]


def end() -> model.User:
    """The account of whoever comes back from the identity service, which is made the first time.

    :raises Refused: the answer isn't for this log-in, or isn't the service's, or the account isn't active
    """
    claims = _claims()
    found = _account(claims)
    if found.state != "active":
        raise Refused("oidc_inactive")
    _identify(found.id, claims)
    return found


def prove(user_id: str, since: int) -> None:
    """Somebody who is logged in here has logged in anew at the identity service.

    :param since: when they were sent there, in seconds
    :raises Refused: it is somebody else, or they were logged in there before and didn't show anew who they are
    """
    claims = _claims()
    bound = (login.c.issuer == options.issuer(), login.c.subject == str(claims["sub"]), login.c.user_id == user_id)
    if keeping.run(sa.select(login.c.user_id).where(*bound)).first() is None:
        raise Refused("oidc_other")
    when = claims.get("auth_time")
    if isinstance(when, bool) or not isinstance(when, (int, float)) or when < since - LEEWAY:
        raise Refused("oidc_not_anew")


def is_bound(user_id: str) -> bool:
    """Whether this account logs in with the identity service."""
    bound = (login.c.issuer == options.issuer(), login.c.user_id == user_id)
    return options.is_oidc_on() and keeping.run(sa.select(login.c.user_id).where(*bound)).first() is not None


def _claims() -> Claims:
    found = service_reached()
    expected = {
        "iss": {"essential": True, "value": options.issuer()},
        "aud": {"essential": True, "value": options.client_id()},
        "sub": {"essential": True},
        "exp": {"essential": True},
    }
    try:
        token = found.authorize_access_token(claims_options=expected, leeway=LEEWAY)
        claims = token.get("userinfo") or {}
        return _completed(found, token, claims)
    except requests.RequestException as error:
        log.warning("the identity service can't be reached: %s", error)
        raise Refused("oidc_away") from error
    except (AuthlibBaseError, JoseError, ValueError, KeyError, TypeError) as error:
        log.warning("the identity service's answer is refused: %s", error)
        raise Refused("oidc_denied" if getattr(error, "error", "") == "access_denied" else "oidc_refused") from error


def service_reached() -> FlaskOAuth2App:
    try:
        return service()
    except requests.RequestException as error:
        raise Refused("oidc_away") from error


def _completed(found: FlaskOAuth2App, token: Mapping[str, Any], claims: Claims) -> Claims:
    """With what the service tells on asking alone, if that speaks of the same person."""
    if not claims.get("sub"):
        raise ValueError("no ID token, or one without a subject")
    wanted = {options.name_claim(), options.number_claim(), options.code_claim()} - {""}
    if wanted <= set(claims) or not found.server_metadata.get("userinfo_endpoint"):
        return claims
    more = found.userinfo(token=token)
    if more.get("sub") != claims["sub"]:
        raise ValueError("the user info speaks of somebody else")
    return {**more, **claims}


# accounts


def _account(claims: Claims) -> model.User:
    """The account bound to this subject; made and bound where there is none."""
    bound = (login.c.issuer == options.issuer(), login.c.subject == str(claims["sub"]))
    row = keeping.run(sa.select(login).where(*bound).with_for_update()).first()
    code = rules.plain(_claim(claims, options.code_claim()))
    if row is None:
        found = _make(claims)
        values = {"issuer": options.issuer(), "subject": str(claims["sub"]), "user_id": found.id, "code": code}
        keeping.run(login.insert().values(values))
        recording.note(Event("applicant.bound", object=identities.about(Party(PERSON, found.id)), action="applicants"))
    else:
        found = model.User.get(row.user_id)
        if found is None:
            raise Refused("oidc_inactive")
        keeping.run(login.update().where(*bound).values(last=sa.func.now(), code=code))
    model.Session.commit()
    return found


def _make(claims: Claims) -> model.User:
    """A new account without a password, an e-mail address or a full name."""
    found = model.User(name=_free_name(str(claims["sub"])))
    model.Session.add(found)
    model.Session.flush()
    return found


def _free_name(subject: str) -> str:
    """Made of issuer and subject, of which it says nothing: what a service calls people may be their ID number."""
    found = "user-" + sha256(f"{options.issuer()}\0{subject}".encode()).hexdigest()[:10]
    return found if model.User.get(found) is None else f"user-{keeping.new_id()[:13]}"


def _identify(user_id: str, claims: Claims) -> None:
    """Fill the profile in where the service tells who somebody is; where that can't be kept they are logged in all the
    same, and fill it in by hand."""
    name, number = _claim(claims, options.name_claim()), rules.plain(_claim(claims, options.number_claim()))
    if not name or not number:
        return
    try:
        if not filling.save_person(user_id, {"name": name, "number": number}, PersonState.IDENTIFIED):
            return
        about = identities.about(Party(PERSON, user_id))
        recording.note(Event("applicant.identified", object=about, action="applicants"))
        model.Session.commit()
    except tk.ValidationError as error:
        model.Session.rollback()
        log.warning(
            "what the identity service tells of account %s is not kept: %s", user_id, messages.told(error)["code"]
        )


def _claim(claims: Claims, name: str) -> str:
    return str(claims.get(name) or "").strip() if name else ""


def vouches(code: str, users: Collection[str]) -> bool:
    """Whether an identity service told, of one of these accounts, that they log in for this organization."""
    if not users or not code:
        return False
    query = sa.select(login.c.user_id).where(login.c.user_id.in_(users), login.c.code == code)
    return keeping.run(query).first() is not None
