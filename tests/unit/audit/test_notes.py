"""Signed notes and checkpoints: the values of their specifications, the way there and back, and every wrong form."""

from __future__ import annotations

import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ckanext.anshan.audit import notes, offline
from ckanext.anshan.audit.offline import Key, NoteError, parse_checkpoint, parse_note

# c2sp.org/signed-note, “Example”
EXAMPLE_KEY = "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k"
EXAMPLE = """This is an example message.

— example.com/foo Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1ERYNZXsYjOBH3mFXmRKuwHjG1Yu72IneyaQM=
"""
# golang.org/x/mod/sumdb/note, its package example
GO_PRIVATE = "PRIVATE+KEY+PeterNeumann+c74f20a3+AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz"
GO_PUBLIC = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
GO_TEXT = "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n"
GO_LINE = (
    "— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n"
)
# c2sp.org/tlog-checkpoint
CHECKPOINT = """example.com/behind-the-sofa
20852163
CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=

— example.com/behind-the-sofa \
Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+ZJurmRDeOoRDe4URYN7u5/Zhcyv2q1gGzGku9nTo+zyWE+xeMcTOAYQ8=
"""
SIGNED = "— a AAAAAAA=\n"  # of the right form, worth nothing
ROOT = base64.b64encode(bytes(32)).decode()


def code(error: pytest.ExceptionInfo[NoteError]) -> str:
    return error.value.code


def test_the_example_of_the_specification_is_right() -> None:
    note = parse_note(EXAMPLE)
    Key.parse(EXAMPLE_KEY).verify(note)
    assert note.text == "This is an example message.\n"
    assert [(one.name, one.id.hex(), len(one.value)) for one in note.signatures] == [
        ("example.com/foo", "530d903a", 64)
    ]


def test_a_key_of_gos_signs_as_go_does() -> None:
    signer = notes.Signer.parse(GO_PRIVATE)
    assert signer.vkey == GO_PUBLIC
    assert signer.sign(GO_TEXT) == f"{GO_TEXT}\n{GO_LINE}"


def test_the_checkpoint_of_the_specification_is_read() -> None:
    found = parse_checkpoint(CHECKPOINT)
    assert (found.origin, found.size, found.extensions) == ("example.com/behind-the-sofa", 20_852_163, ())
    assert base64.b64encode(found.root).decode() == "CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I="


NAMES = st.text(st.characters(exclude_characters="+", exclude_categories=["C", "Z"]), min_size=1)
LINE = st.text(st.characters(exclude_categories=["C"]), min_size=1)


@given(NAMES, st.lists(LINE | st.just(""), min_size=1))
def test_what_was_signed_is_read_and_verified(name: str, lines: list[str]) -> None:
    private, public = notes.generate(name)
    text = "".join(f"{line}\n" for line in lines)
    note = parse_note(notes.Signer.parse(private).sign(text))
    Key.parse(public).verify(note)
    assert note.text == text


@given(LINE, st.integers(0, 10**18), st.binary(min_size=32, max_size=32), st.lists(LINE))
def test_a_checkpoint_is_read_as_it_was_made(origin: str, size: int, root: bytes, extensions: list[str]) -> None:
    signer = notes.Signer.parse(GO_PRIVATE)
    found = parse_checkpoint(signer.sign(notes.checkpoint(origin, size, root, extensions)))
    assert (found.origin, found.size, found.root, found.extensions) == (origin, size, root, tuple(extensions))
    signer.key.verify(found.note)


def test_keys_are_never_the_same_twice() -> None:
    assert notes.generate("log") != notes.generate("log")


def test_a_private_key_does_not_show() -> None:
    private, _ = notes.generate("log")
    seed = private.split("+", 4)[4]  # base64, which may hold a plus itself
    assert seed not in repr(notes.Signer.parse(private))
    with pytest.raises(NoteError) as error:
        notes.Signer.parse(private.replace("+log+", "+gol+"))
    assert code(error) == "key_form"
    assert seed not in str(error.value)


def test_a_second_signature_does_not_spoil_the_first() -> None:
    log, witness = (notes.Signer.parse(notes.generate(name)[0]) for name in ("log", "witness"))
    signed = log.sign("text\n") + witness.sign("text\n").partition("\n\n")[2]
    note = parse_note(signed)
    log.key.verify(note)
    witness.key.verify(note)


def test_another_key_has_not_signed() -> None:
    _, public = notes.generate("PeterNeumann")
    with pytest.raises(NoteError, match=r"but by PeterNeumann\+c74f20a3") as error:
        Key.parse(public).verify(parse_note(f"{GO_TEXT}\n{GO_LINE}"))
    assert code(error) == "key_swapped"


@pytest.mark.parametrize("text", ["Another text.\n", GO_TEXT + "\n", GO_TEXT.replace("your", "my", 1)])
def test_a_signature_fits_one_text_alone(text: str) -> None:
    with pytest.raises(NoteError) as error:
        Key.parse(GO_PUBLIC).verify(parse_note(f"{text}\n{GO_LINE}"))
    assert code(error) == "bad_signature"


def test_a_wrong_signature_beside_a_right_one_is_wrong() -> None:
    forged = f"— PeterNeumann {base64.b64encode(bytes.fromhex('c74f20a3') + bytes(64)).decode()}\n"
    with pytest.raises(NoteError) as error:
        Key.parse(GO_PUBLIC).verify(parse_note(f"{GO_TEXT}\n{GO_LINE}{forged}"))
    assert code(error) == "bad_signature"


@pytest.mark.parametrize(
    "raw",
    [
        "",
        "text\n",
        f"text\n{SIGNED}",
        f"\n{SIGNED}",
        "text\n\n",
        f"text\n\n{SIGNED.strip()}",
        f"te\txt\n\n{SIGNED}",
        f"text\r\n\n{SIGNED}",
        f"te\0xt\n\n{SIGNED}",
        f"te\ud800xt\n\n{SIGNED}",
    ],
)
def test_what_is_no_note_is_refused(raw: str) -> None:
    with pytest.raises(NoteError) as error:
        parse_note(raw)
    assert code(error) == "note_form"


@pytest.mark.parametrize(
    "line",
    [
        "- a AAAAAAA=",
        "—a AAAAAAA=",
        "— AAAAAAA=",
        "—  AAAAAAA=",
        "— a b AAAAAAA=",
        "— a+b AAAAAAA=",
        "— a\u00a0b AAAAAAA=",
        "— a AAAAAAA",
        "— a AAAAAAB=",
        "— a AAAA-AA=",
        "— a AAAAAA==",
        "— a AAAAAAA= ",
        "— a ",
        "— a ä",
        "text",
    ],
)
def test_what_is_no_signature_is_refused(line: str) -> None:
    with pytest.raises(NoteError) as error:
        parse_note(f"text\n\n{line}\n")
    assert code(error) == "signature_form"


@pytest.mark.parametrize(
    "text",
    [
        "origin\n1\n",
        f"\n1\n{ROOT}\n",
        f"origin\n01\n{ROOT}\n",
        f"origin\n-1\n{ROOT}\n",
        f"origin\n+1\n{ROOT}\n",
        f"origin\n1_0\n{ROOT}\n",
        f"origin\n١\n{ROOT}\n",
        f"origin\n\n{ROOT}\n",
        f"origin\n{'9' * 5000}\n{ROOT}\n",
        f"origin\n1\n{ROOT[:-1]}\n",
        "origin\n1\nAAAA\n",
        f"origin\n1\n{ROOT}\n\nextension\n",
    ],
)
def test_what_is_no_checkpoint_is_refused(text: str) -> None:
    with pytest.raises(NoteError) as error:
        parse_checkpoint(f"{text}\n{SIGNED}")
    assert code(error) == "checkpoint_form"


def test_the_right_form_of_the_same_checkpoint_is_read() -> None:
    assert parse_checkpoint(f"origin\n10\n{ROOT}\nextension\n\n{SIGNED}").size == 10


@pytest.mark.parametrize(
    "vkey",
    [
        "",
        "PeterNeumann",
        GO_PUBLIC.replace("PeterNeumann", ""),
        GO_PUBLIC.replace("PeterNeumann", "Peter Neumann"),
        GO_PUBLIC.replace("PeterNeumann", "Peter"),
        GO_PUBLIC.replace("c74f20a3", "c74f20a4"),
        GO_PUBLIC.replace("c74f20a3", "C74F20A3"),
        GO_PUBLIC.replace("+ARpc", "+BBpc"),
        GO_PUBLIC[:-4],
        GO_PUBLIC[:-1] + "!",
        GO_PRIVATE,
    ],
)
def test_what_is_no_public_key_is_refused(vkey: str) -> None:
    with pytest.raises(NoteError) as error:
        Key.parse(vkey)
    assert code(error) == "key_form"


@pytest.mark.parametrize(
    "private",
    [
        "",
        GO_PUBLIC,
        GO_PRIVATE.replace("PeterNeumann", "Peter"),
        GO_PRIVATE.replace("PeterNeumann", ""),
        GO_PRIVATE.replace("c74f20a3", "c74f20a4"),
        GO_PRIVATE.replace("+AYEK", "+BIEK"),
        GO_PRIVATE[:-4],
        GO_PRIVATE[:-1] + "!",
        "PRIVATE+KEY+name+00000000",
    ],
)
def test_what_is_no_private_key_is_refused(private: str) -> None:
    with pytest.raises(NoteError) as error:
        notes.Signer.parse(private)
    assert code(error) == "key_form"


@pytest.mark.parametrize("name", ["", "a b", "a+b", "a\u3000b", "a\nb", "a\x00b"])
def test_a_key_is_called_one_word(name: str) -> None:
    with pytest.raises(NoteError) as error:
        notes.generate(name)
    assert code(error) == "key_form"


@pytest.mark.parametrize("text", ["no end", "a\ttab\n", "a\rreturn\n"])
def test_what_nobody_could_read_is_not_signed(text: str) -> None:
    with pytest.raises(NoteError) as error:
        notes.Signer.parse(GO_PRIVATE).sign(text)
    assert code(error) == "note_form"


@pytest.mark.parametrize(
    ("origin", "size", "root", "extensions"),
    [
        ("", 1, bytes(32), ()),
        ("a\nb", 1, bytes(32), ()),
        ("a", -1, bytes(32), ()),
        ("a", 1, bytes(31), ()),
        ("a", 1, bytes(32), ("",)),
        ("a", 1, bytes(32), ("b\nc",)),
    ],
)
def test_what_would_be_no_checkpoint_is_not_made(origin: str, size: int, root: bytes, extensions: tuple[str]) -> None:
    with pytest.raises(ValueError, match="not a checkpoint"):
        notes.checkpoint(origin, size, root, extensions)


def test_the_id_of_a_key_follows_from_name_and_bytes() -> None:
    key = Key.parse(EXAMPLE_KEY)
    assert offline.key_id(key.name, key.public).hex() == "530d903a"
