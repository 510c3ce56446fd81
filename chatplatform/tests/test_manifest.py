"""The product on a home screen: its name, its colours, its icons."""

from __future__ import annotations

import struct
from typing import Any

import pytest
from django.contrib.staticfiles import finders
from django.test import Client


@pytest.fixture(autouse=True)
def static_files_by_their_own_names(settings: Any) -> None:
    settings.STORAGES = settings.STORAGES | {"staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}


def test_it_opens_on_a_new_chat_under_the_sites_own_name(client: Client, settings: Any) -> None:
    settings.SITE_NAME = "Chat & Co"
    response = client.get("/manifest.webmanifest")
    assert response["Content-Type"] == "application/manifest+json"
    assert "public" in response["Cache-Control"]
    assert not response.cookies
    described = response.json()
    assert (described["name"], described["start_url"], described["display"]) == ("Chat & Co", "/c/", "standalone")


def test_its_icons_have_the_sizes_that_it_says(client: Client) -> None:
    icons = client.get("/manifest.webmanifest").json()["icons"]
    assert {(icon["sizes"], icon["purpose"]) for icon in icons} == {("192x192", "any"), ("512x512", "any"), ("512x512", "maskable")}
    for icon in [*icons, {"src": "/static/icons/apple-touch-icon.png", "sizes": "180x180"}]:
        file = finders.find(icon["src"].removeprefix("/static/"))
        assert isinstance(file, str)
        with open(file, "rb") as picture:
            width, height = struct.unpack(">II", picture.read(24)[16:])
        assert icon["sizes"] == f"{width}x{height}"


def test_every_page_leads_to_it_and_has_the_same_two_colours(client: Client) -> None:
    html = client.get("/").content.decode()
    assert '<link rel="manifest" href="/manifest.webmanifest">' in html
    assert '<link rel="apple-touch-icon" href="/static/icons/apple-touch-icon.png">' in html
    described = client.get("/manifest.webmanifest").json()
    for colours in (described, described["color_scheme_dark"]):
        assert f'<meta name="theme-color" content="{colours["theme_color"]}" media=' in html
