"""The shelf of one web process."""

from __future__ import annotations

import gzip
import threading
import time

import pytest

from ckanext.anshan.cache.rules import Encoding
from ckanext.anshan.cache.shelf import OVERHEAD, UNKEPT, Shelf, Turns, page

from .test_rules import HTML, key

TEXT = "鞍山市公交站点".encode() * 100


def kept(body: bytes = TEXT):
    return page(key(), "200 OK", [HTML], body)


def test_a_page_is_good_for_its_generation_alone():
    shelf = Shelf(10**6)
    shelf.put(key(), b"1", kept(), 60)
    assert shelf.get(key(), b"1") is not None
    assert shelf.get(key(), b"2") is None


def test_a_page_is_good_for_its_seconds_alone():
    shelf = Shelf(10**6)
    shelf.put(key(), b"1", kept(), 0)
    time.sleep(0.01)
    assert shelf.get(key(), b"1") is None


def test_the_page_longest_unasked_for_goes_first():
    size = kept().size()
    shelf = Shelf(size * 8)
    for number in range(9):
        shelf.put(key(QUERY_STRING=str(number)), b"1", kept(), 60)
        shelf.get(key(QUERY_STRING="0"), b"1")
    found = [number for number in range(9) if shelf.get(key(QUERY_STRING=str(number)), b"1")]
    assert found == [0, 2, 3, 4, 5, 6, 7, 8]
    assert shelf.used == size * 8


def test_a_page_that_would_take_the_room_of_others_is_not_kept():
    shelf = Shelf(OVERHEAD * 8)
    shelf.put(key(), b"1", kept(), 60)
    assert (shelf.get(key(), b"1"), shelf.used) == (None, 0)


def test_a_page_made_again_takes_its_room_once():
    shelf = Shelf(10**6)
    for _ in range(3):
        shelf.put(key(), b"1", kept(), 60)
    assert shelf.used == kept().size()


def test_a_note_that_nothing_is_kept_is_found_again():
    shelf = Shelf(10**6)
    shelf.put(key(), b"1", UNKEPT, 60)
    assert shelf.get(key(), b"1") is UNKEPT


def test_text_is_kept_compressed_too():
    made = kept()
    assert gzip.decompress(made.bodies[Encoding.GZIP]) == made.bodies[Encoding.PLAIN] == TEXT
    assert list(kept(b"short").bodies) == [Encoding.PLAIN]


def test_the_same_content_has_the_same_mark():
    assert kept().etag == kept().etag != kept(b"other").etag


def test_one_makes_a_page_while_the_others_wait():
    turns, made, at_once = Turns(5), [], []

    def ask() -> None:
        with turns.take("page"):
            if not made:
                at_once.append(1)
                time.sleep(0.05)
                made.append(1)

    threads = [threading.Thread(target=ask) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (len(made), len(at_once), turns._turns) == (1, 1, {})


def test_who_has_waited_long_enough_goes_on():
    turns = Turns(0.01)
    with turns.take("page"), turns.take("page"):
        pass
    assert turns._turns == {}


def test_a_failure_lets_the_next_one_in():
    turns = Turns(60)
    with pytest.raises(ValueError, match="broken"), turns.take("page"):
        raise ValueError("broken")
    with turns.take("page"):
        assert len(turns._turns) == 1
