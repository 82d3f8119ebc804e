"""A real identity service on a port of this machine, whose ID tokens a test may bend before they are signed."""

from __future__ import annotations

import io
import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from hashlib import sha256
from threading import Thread
from typing import Any
from urllib.parse import parse_qs

import oidc_provider_mock as mock
import werkzeug.serving
from joserfc import jwt
from joserfc.jwk import OctKey, RSAKey
from werkzeug.test import run_wsgi_app
from werkzeug.wrappers import Request

from .town import resident_id

Claims = dict[str, Any]
Bend = Callable[[Claims], Claims]


class Service:
    """The provider's own program, its signatures replaced by those of a key that tests have; it checks PKCE."""

    def __init__(self) -> None:
        self.number, self.code = resident_id(), "91210300MA0UXK5T1A"
        claims: dict[str, object] = {"name": "赵建国", "id_number": self.number, "code": self.code}
        self.app = mock.app(user_claims=[mock.User(sub="zhao", claims=claims), mock.User(sub="qian")])
        self.key = self.published = RSAKey.generate_key(2048, {"kid": "a", "alg": "RS256", "use": "sig"})
        self.challenges: set[str] = set()
        self.bend: Bend = lambda claims: claims
        self.algorithm = "RS256"
        self.tells: dict[str, str] = {}  # of itself, otherwise than it is

    def __call__(self, environ: Any, start_response: Any) -> Iterable[bytes]:
        request = Request(environ)
        if request.path == "/oauth2/authorize":
            assert request.args["code_challenge_method"] == "S256"
            self.challenges.add(request.args["code_challenge"])
        if self.tells and request.path.endswith("/openid-configuration"):
            body, _, _ = run_wsgi_app(self.app, environ)
            told = json.loads(b"".join(body)) | self.tells
            return _answer(start_response, "200 OK", json.dumps(told).encode())
        if request.path == "/jwks":
            keys = {"keys": [self.published.as_dict(private=False)]}
            return _answer(start_response, "200 OK", json.dumps(keys).encode())
        if request.path == "/oauth2/token":
            return self._token(request, environ, start_response)
        return self.app(environ, start_response)

    def _token(self, request: Request, environ: Any, start_response: Any) -> Iterable[bytes]:
        sent = request.get_data()
        environ["wsgi.input"] = io.BytesIO(sent)
        verifier = parse_qs(sent.decode()).get("code_verifier", [""])[0]
        made = urlsafe_b64encode(sha256(verifier.encode()).digest()).decode().rstrip("=")
        if made not in self.challenges:
            return _answer(start_response, "400 Bad Request", b'{"error": "invalid_grant"}')
        body, status, _ = run_wsgi_app(self.app, environ)
        told = json.loads(b"".join(body))
        if "id_token" in told:
            told["id_token"] = self._signed(told["id_token"])
        return _answer(start_response, status, json.dumps(told).encode())

    def _signed(self, token: str) -> str:
        claims = self.bend(_read(token))
        key: Any = self.key
        if self.algorithm == "HS256":  # with the public key for a secret, as somebody would who confuses the two
            key = OctKey.import_key(self.key.as_pem(private=False))
        header = {"alg": self.algorithm, "kid": "a"}
        return jwt.encode(header, claims, key, algorithms=[self.algorithm])


def _read(token: str) -> Claims:
    part = token.split(".")[1]
    return json.loads(urlsafe_b64decode(part + "=" * (-len(part) % 4)))


def _answer(start_response: Any, status: str, body: bytes) -> Iterable[bytes]:
    start_response(status, [("Content-Type", "application/json"), ("Content-Length", str(len(body)))])
    return [body]


@contextmanager
def running() -> Iterator[tuple[Service, str]]:
    """The service and its address."""
    service = Service()
    server = werkzeug.serving.make_server("127.0.0.1", 0, service, threaded=True)
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    yield service, f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join(5)
