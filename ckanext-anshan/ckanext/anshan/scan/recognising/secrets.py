"""Keys and passwords: patterns that decide where one of the words of ``words.yaml`` stands."""

from __future__ import annotations

import re

PLACEHOLDER = (
    r"(?!\$|\{|<|%[A-Za-z_]|\("
    r"|(?i:os\.|env|process\.|getenv|your|xxx|null|none|change_?me|example|placeholder|todo|system\.))"
)
"""Not what stands where the secret is to be put in: ``${DB_PASSWORD}``, ``<password>``, ``os.environ[...]``."""
NAMES = (
    r"(?:password|passwd|pwd|secret|api[_-]?key|access[_-]?key(?:[_-]?(?:id|secret))?|access[_-]?token"
    r"|app[_-]?secret|token)"
)
PATTERNS = (
    re.compile(r"\b(?:AKIA|ASIA)[0-9A-Z]{16}\b"),
    re.compile(r"\bLTAI[0-9A-Za-z]{12,26}\b"),
    re.compile(r"\bAKID[0-9A-Za-z]{30,40}\b"),
    re.compile(r"\bgh[opsu]_[0-9A-Za-z]{30,}\b|\bgithub_pat_\w{30,}|\bglpat-[\w-]{18,}|\bxox[bp]-[\w-]{20,}"),
    re.compile(r"\bsk-[0-9A-Za-z_-]{20,}"),
    re.compile(r"\bAIza[\w-]{35}\b"),
    re.compile(r"\beyJ[\w-]{8,}\.eyJ[\w-]{8,}\.[\w-]{10,}"),
    re.compile(r"-----BEGIN (?:[A-Z]+ )*PRIVATE KEY"),
    re.compile(rf"\b[a-z][a-z0-9+]{{1,20}}://[^\s:/@]+:{PLACEHOLDER}[^\s:/@*]{{3,}}@[\w.-]+"),
    re.compile(rf"\bjdbc:oracle:thin:[^\s/@]+/{PLACEHOLDER}[^\s/*]{{3,}}@"),
    re.compile(r"\bcurl\b[^\n]*\s-u\s*[\w.@-]+:(?!\$|\{|<|\*)\S{4,}"),
    re.compile(r"\bmysql(?:dump)?\b[^\n]*\s-p(?!\$|\{|<|\*)[^\s]{4,}"),
    re.compile(r"\bsshpass\s+-p\s*(?!\$|\{|<|\*)\S{4,}"),
    re.compile(rf"(?i:<{NAMES}>){PLACEHOLDER}[^<\s*]{{6,}}</"),
    re.compile(r"(?i:--password[= ])(?!\$|\{|<|\*)\S{4,}"),
    re.compile(r"\bBasic\s+[A-Za-z0-9+/]{16,}={0,2}"),
    re.compile(r"\bBearer\s+[\w.~+/-]{20,}"),
    re.compile(
        rf"(?i:{NAMES})[\"']{{0,2}}\s*[=:：]\s*[\"']{{0,2}}{PLACEHOLDER}"
        r"(?=[^\s\"'<>,;，；。*]{6,})(?=[^\s\"'<>,;]*[0-9!@#$%^&_])[^\s\"'<>,;，；。]{6,}"
    ),
    re.compile(
        rf"(?:密码|口令|密钥|秘钥|密碼)(?!\((?:SM|MD|SHA))(?:(?:是|为|：|:|=)\s*{PLACEHOLDER}[A-Za-z0-9_!@#$%^&.-]{{5,}}"
        r"|\s*(?=[!-~]*\d)(?=[!-~]*[A-Za-z])[!-~]{6,})"
    ),
)


def find(text: str) -> tuple[int, int] | None:
    """Where the first key or password stands."""
    for pattern in PATTERNS:
        if found := pattern.search(text):
            return found.span()
    return None


def is_password(text: str) -> bool:
    """Whether a cell under a header like "password" holds one, rather than a mask, a word or a yes."""
    plain = text.strip()
    if not 4 <= len(plain) <= 512 or not plain.isascii() or not set(plain) - set("*xX#.-•"):
        return False
    return bool(re.match(PLACEHOLDER, plain)) and not re.fullmatch(
        r"(?i)null|none|yes|no|true|false|n/?a|\d{4}[-/]\d\d?[-/]\d\d?.*", plain
    )


KEY = re.compile(
    r"(?i)[a-z0-9_.\- ]*(?:password|passwd|pwd|secret|token|api[_-]?key|access[_-]?key|[._-]pass)"
    r"|(?:[a-z0-9_.\- ]+|数据库|登录|用户|管理员|初始|系统|接口|应用|后台)(?:密码|口令|密钥)"
)


def is_key(text: str) -> bool:
    """Whether a cell is the name of a setting that holds a password or key."""
    return len(text) <= LONGEST_KEY and bool(KEY.fullmatch(text.strip()))


TYPE = re.compile(r"(?i)[a-z_]+\d?\s*(?:\(\d+(?:,\d+)?\))?|.*\(\d+\)|\d{1,5}")
"""The type of a field, or a word alone."""
LONGEST_KEY = 60  # characters


def is_likely(text: str) -> bool:
    """As ``is_password``, for a cell whose column says nothing: of some length, with letters and a digit or sign."""
    plain = text.strip()
    if " " in plain or plain.startswith(("{", "[")) or plain.count(":") > 2:
        return False
    mixed = re.search(r"[A-Za-z]", plain) and re.search(r"[^A-Za-z]", plain)
    return is_password(plain) and not TYPE.fullmatch(plain) and len(plain) >= 6 and bool(mixed)
