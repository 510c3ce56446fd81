"""One's picture: sent, shown, changed and removed by plain forms; one's own, and of nobody else's business."""

from __future__ import annotations

import io
import re
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from PIL import Image

from accounts.models import Avatar, User
from accounts.pictures import MAX_BYTES
from accounts.services.set_picture import TRIES, remove_picture, set_picture
from accounts.tests import picture_files as files
from accounts.tests.conftest import hash_of_password

RED = files.encoded(files.plain())
BLUE = files.encoded(files.plain(files.BLUE))


def send(browser: Client, data: bytes, name: str = "me.png", kind: str = "image/png") -> Any:
    return browser.post("/settings/picture/", {"picture": SimpleUploadedFile(name, data, kind)})


def address(browser: Client) -> str:
    """Of the picture that the page shows; empty without one."""
    found = re.search(r'src="(/settings/picture/\w+\.webp)"', browser.get("/settings/").content.decode())
    return found[1] if found else ""


@pytest.fixture
def noas_browser(db: None) -> Client:
    noa = User.objects.create_user("noa@example.com")
    noa.password = hash_of_password()
    noa.save()
    client = Client()
    client.force_login(noa)
    return client


def test_a_picture_that_was_sent_is_shown(kims_browser: Client) -> None:
    response = send(kims_browser, RED)
    assert (response.status_code, response["Location"]) == (302, "/settings/")
    page = kims_browser.get("/settings/").content.decode()
    assert "Your picture is changed." in page
    assert page.count('<img class="picture') == 2  # beside the form, and at the foot of the list of pages
    shown = kims_browser.get(address(kims_browser))
    assert Image.open(io.BytesIO(shown.content)).size == (256, 256)


def test_without_one_there_are_initials(kims_browser: Client, kim: User) -> None:
    for name, initials in (("Kim Lee", "KL"), ("kim de l'Étang", "KL"), ("Ōta", "Ō"), ("(:", "K"), ("", "K")):
        User.objects.update(name=name)
        page = kims_browser.get("/settings/").content.decode()
        assert f'<span class="picture large" aria-hidden="true">{initials}</span>' in page
    assert "Remove picture" not in page


def test_its_address_is_kept_by_browsers_and_changes_with_it(kims_browser: Client) -> None:
    send(kims_browser, RED)
    first = address(kims_browser)
    response = kims_browser.get(first)
    assert response["Content-Type"] == "image/webp"
    assert response["Cache-Control"] == "private, max-age=31536000, immutable"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert kims_browser.head(first).status_code == 200
    send(kims_browser, BLUE)
    assert address(kims_browser) != first
    assert kims_browser.get(first).status_code == 404
    assert Avatar.objects.count() == 1


def test_a_stranger_and_nobody_never_see_it(kims_browser: Client, noas_browser: Client) -> None:
    send(kims_browser, RED)
    own = address(kims_browser)
    assert noas_browser.get(own).status_code == 404
    nobody = Client().get(own)
    assert (nobody.status_code, nobody["Location"]) == (302, f"/accounts/login/?next={own}")
    assert send(Client(), BLUE)["Location"].startswith("/accounts/login/")
    assert Client().post("/settings/picture/remove/")["Location"].startswith("/accounts/login/")
    noas_browser.post("/settings/picture/remove/")
    assert kims_browser.get(own).status_code == 200


def test_two_people_with_the_same_picture_have_one_each(kims_browser: Client, noas_browser: Client) -> None:
    for browser in (kims_browser, noas_browser):
        send(browser, RED)
    noas_browser.post("/settings/picture/remove/")
    assert kims_browser.get(address(kims_browser)).status_code == 200


def test_it_can_be_removed_and_is_gone_then(kims_browser: Client) -> None:
    send(kims_browser, RED)
    own = address(kims_browser)
    assert kims_browser.post("/settings/picture/remove/")["Location"] == "/settings/"
    assert "Your picture is removed." in kims_browser.get("/settings/").content.decode()
    assert kims_browser.get(own).status_code == 404
    assert not Avatar.objects.exists()
    assert kims_browser.post("/settings/picture/remove/").status_code == 302


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "could not read that as a picture"),
        (b"", "empty"),
        (files.png_that_says(9_000, 9_000), "at most 40 megapixels"),
        (RED + b"\0" * MAX_BYTES, "at most 5 MB"),
        (RED + b"\0" * (2 * MAX_BYTES), "at most 5 MB"),
    ],
    ids=["svg", "empty", "bomb", "large", "larger"],
)
def test_what_cannot_be_used_is_refused_beside_the_field_and_the_old_picture_stays(kims_browser: Client, data: bytes, words: str) -> None:
    send(kims_browser, RED)
    own = address(kims_browser)
    response = send(kims_browser, data, "me.png")
    assert response.status_code == 400
    page = response.content.decode()
    assert words in page.partition('id="id_picture_error"')[2].partition("</ul>")[0]
    assert 'aria-describedby="id_picture_error id_picture_helptext"' in page
    assert 'value="Kim"' in page
    assert kims_browser.get(own).status_code == 200


def test_neither_name_nor_declared_type_counts(kims_browser: Client) -> None:
    assert send(kims_browser, RED, "letter.docx", "text/html").status_code == 302
    assert send(kims_browser, b"<html>", "me.png", "image/png").status_code == 400


def test_without_a_file_one_is_asked_for(kims_browser: Client) -> None:
    for fields in ({}, {"picture": "only words"}, {"other": SimpleUploadedFile("me.png", RED)}):
        response = kims_browser.post("/settings/picture/", fields)
        assert response.status_code == 400
        assert "Choose a picture first." in response.content.decode()


def test_a_form_of_another_site_changes_nothing(kim: User) -> None:
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(kim)
    assert send(browser, RED).status_code == 403
    assert not Avatar.objects.exists()
    browser.get("/settings/")
    token = browser.cookies["csrftoken"].value
    with_token = {"csrfmiddlewaretoken": token, "picture": SimpleUploadedFile("me.png", RED)}
    assert browser.post("/settings/picture/", with_token).status_code == 302


def test_what_is_too_large_is_not_read_to_its_end(kims_browser: Client) -> None:
    """What the browser says about the size may be wrong: then the reading stops at the limit."""
    body = b'--x\r\nContent-Disposition: form-data; name="picture"; filename="a"\r\n\r\n' + RED + bytes(3 * MAX_BYTES) + b"\r\n--x--\r\n"
    for said in (len(body), MAX_BYTES):
        sent = io.BytesIO(body)
        given: Any = {"wsgi.input": sent, "CONTENT_LENGTH": str(said)}
        response = kims_browser.generic("POST", "/settings/picture/", b"", "multipart/form-data; boundary=x", **given)
        assert "at most 5 MB" in response.content.decode()
        assert sent.tell() <= MAX_BYTES + 128 * 1024


def test_the_picture_comes_with_the_person_and_costs_no_query(kims_browser: Client, django_assert_num_queries: Any) -> None:
    kims_browser.get("/settings/security/")
    with CaptureQueriesContext(connection) as asked:
        kims_browser.get("/settings/security/")
        without = len(asked)
    send(kims_browser, RED)
    kims_browser.get("/settings/")
    with django_assert_num_queries(without):
        assert "/settings/picture/" in kims_browser.get("/settings/security/").content.decode()


def test_more_than_thirty_in_ten_minutes_are_too_many(kims_browser: Client) -> None:
    for _ in range(TRIES):
        send(kims_browser, b"no picture")
    response = send(kims_browser, RED)
    assert response.status_code == 429
    assert "too often" in response.content.decode()


def test_the_services_say_what_came_of_it(kim: User) -> None:
    assert set_picture(kim.pk, RED) == set_picture(kim.pk, RED) != set_picture(kim.pk, BLUE)
    assert remove_picture(kim.pk) is True
    assert remove_picture(kim.pk) is False
