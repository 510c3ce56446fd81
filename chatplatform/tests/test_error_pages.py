"""When something goes wrong a person reads what happened and what to do, on a page of ours."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, SuspiciousOperation
from django.db import OperationalError
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.urls import include, path

from chatplatform.errors import bad_request, forbidden, not_found, server_error

handler400, handler403, handler404, handler500 = bad_request, forbidden, not_found, server_error


def raising(error: Exception) -> Any:
    def view(request: HttpRequest) -> HttpResponse:
        raise error

    return view


urlpatterns = [
    path("bug/", raising(ZeroDivisionError())),
    path("refused/", raising(PermissionDenied())),
    path("odd/", raising(SuspiciousOperation())),
    path("", include("chatplatform.urls")),
]


@pytest.fixture(autouse=True)
def pages_that_fail(settings: Any) -> None:
    settings.ROOT_URLCONF = __name__
    settings.STORAGES = settings.STORAGES | {"staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}


@pytest.fixture
def browser() -> Client:
    return Client(raise_request_exception=False)


PAGES = [
    ("/bug/", 500, "Something broke on our side"),
    ("/refused/", 403, "You may not do this"),
    ("/odd/", 400, "We could not read that request"),
    ("/nothing/", 404, "There is nothing here"),
]


@pytest.mark.parametrize(("address", "status", "heading"), PAGES)
def test_a_page_says_it_without_asking_the_database(browser: Client, address: str, status: int, heading: str) -> None:
    browser.cookies["theme"] = "dark"
    response = browser.get(address)
    html = response.content.decode()
    assert response.status_code == status
    assert f"<h1>{heading}</h1>" in html
    assert 'data-theme="dark"' in html
    assert f"<code>{response['X-Request-ID']}</code>" in html
    assert response["Cache-Control"] == "no-store"


@pytest.mark.parametrize(("address", "status", "_heading"), PAGES)
def test_htmx_gets_a_notice_and_not_a_page(browser: Client, address: str, status: int, _heading: str) -> None:
    response = browser.get(address, headers={"HX-Request": "true"})
    assert response.status_code == status
    assert response.content.decode().startswith('<div class="notice danger" role="alert"')


def test_a_form_without_its_token_is_explained(db: None) -> None:
    response = Client(enforce_csrf_checks=True).post("/accounts/login/", {"login": "a@example.com"})
    assert response.status_code == 403
    assert "That page was out of date" in response.content.decode()


def test_a_stale_page_that_sends_by_htmx_is_told_to_reload(db: None) -> None:
    response = Client(enforce_csrf_checks=True).post("/accounts/login/", headers={"HX-Request": "true"})
    assert "Reload it and try again" in response.content.decode()


def test_a_database_that_goes_away_outside_of_a_view_is_said_too(rf: Any) -> None:
    try:
        raise OperationalError("connection refused")
    except OperationalError:
        response = server_error(rf.get("/"))
    assert response.status_code == 503
    assert response["Retry-After"] == "5"
    assert "Our database does not answer" in response.content.decode()


def test_too_many_attempts_are_said_in_our_frame(settings: Any, db: None) -> None:
    settings.ACCOUNT_RATE_LIMITS = {"login": "1/m/ip"}
    browser = Client(REMOTE_ADDR="192.0.2.7")
    browser.post("/accounts/login/")
    response = browser.post("/accounts/login/")
    assert response.status_code == 429
    assert "That was a bit too often" in response.content.decode()
