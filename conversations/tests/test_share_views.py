"""Readers are counted without anybody waiting for it; operators see shapes and can revoke."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from django.test import Client

from accounts.models import User
from accounts.types import Actor
from conversations.models import Share
from conversations.reading_types import ShareOptions
from conversations.services.record_share_views import record_share_views
from conversations.services.share_conversation import share_conversation
from conversations.share_views import count_view, take_views
from conversations.tests.test_pages import answer
from conversations.types import Turn
from core.ids import uuid7
from core.redis import get_redis

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _nothing_counted() -> Iterator[None]:
    get_redis().delete("share-views", "share-views:taken")
    yield
    get_redis().delete("share-views", "share-views:taken")


@pytest.fixture
def share(owner: Actor, send: Callable[..., Turn]) -> Share:
    turn = send("What is this?")
    answer(turn)
    return share_conversation(owner, turn.conversation_id, ShareOptions(), uuid7())


def test_each_reading_counts_once_and_only_readings(share: Share) -> None:
    for _ in range(3):
        Client().get(f"/s/{share.token}/")
    Client().head(f"/s/{share.token}/")
    Client().get(f"/s/{share.token}/", {"page": "2"})
    Client().get(f"/s/{'A' * 32}/")
    share.refresh_from_db()
    assert share.views == 0
    assert record_share_views() == 3
    assert record_share_views() == 0
    share.refresh_from_db()
    assert share.views == 3


def test_what_is_counted_while_it_is_written_comes_with_the_next_run(share: Share) -> None:
    count_view(share.id)
    assert take_views() == {share.id: 1}
    count_view(share.id)
    assert record_share_views() == 1  # what was taken and not written
    assert record_share_views() == 1


def test_a_link_that_is_gone_by_then_disturbs_nothing(share: Share) -> None:
    count_view(uuid7())
    count_view(share.id)
    assert record_share_views() == 2


def test_operators_see_shapes_not_words_and_can_revoke(share: Share) -> None:
    Share.objects.update(title="words of somebody", author_name="Ada Lovely")
    staff = Client()
    staff.force_login(User.objects.create_superuser("boss@example.com", "a long enough password"))
    for path in ("/admin/conversations/share/", f"/admin/conversations/share/{share.id}/change/"):
        page = staff.get(path).content.decode()
        assert "owner@example.com" in page
        for private in ("words of somebody", "Ada Lovely", share.token):
            assert private not in page
    assert staff.get("/admin/conversations/share/add/").status_code == 403
    assert staff.get(f"/admin/conversations/share/{share.id}/delete/").status_code == 403
    staff.post("/admin/conversations/share/", {"action": "revoke", "_selected_action": [str(share.id)]})
    assert Client().get(f"/s/{share.token}/").status_code == 404
