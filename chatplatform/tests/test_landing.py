"""The first page: for everybody who is not signed in."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.test import Client


@pytest.fixture(autouse=True)
def static_files_by_their_own_names(settings: Any) -> None:
    settings.STORAGES = settings.STORAGES | {"staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}


def test_it_has_one_way_to_sign_up_and_one_to_sign_in(client: Client) -> None:
    html = client.get("/").content.decode()
    assert re.findall(r'<a [^>]*href="/accounts/(\w+)/"[^>]*>([^<]+)</a>', html) == [("login", "Sign in"), ("signup", "Sign up")]


def test_it_asks_the_database_nothing_and_sets_no_cookie(client: Client) -> None:
    assert not client.get("/").cookies


def test_it_runs_and_styles_nothing_inline(client: Client) -> None:
    response = client.get("/")
    assert "unsafe" not in response["Content-Security-Policy"]
    assert not re.search(r"<style|<script|\sstyle=|\son\w+=", response.content.decode())


def test_it_carries_the_sites_own_name(client: Client, settings: Any) -> None:
    settings.SITE_NAME = "Chat & Co"
    assert "Chat &amp; Co" in client.get("/").content.decode()


def test_who_is_signed_in_goes_on_to_the_conversations(client: Client, db: None) -> None:
    client.force_login(get_user_model().objects.create_user(email="kim@example.com"))
    assert client.get("/")["Location"] == "/c/"
