"""The frame in which diagrams are drawn can do nothing but draw."""

from __future__ import annotations

from django.contrib.staticfiles import finders
from django.test import Client


def test_the_frame_knows_no_origin_and_reaches_nothing(client: Client) -> None:
    answer = client.get("/diagrams/frame/")
    policy = answer["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert policy.endswith("sandbox allow-scripts")
    assert "frame-ancestors 'self'" in policy
    assert answer["X-Frame-Options"] == "SAMEORIGIN"
    script = policy.split("script-src ")[1].split(";")[0]
    assert "unsafe" not in script
    assert "'self'" not in script
    assert not answer.cookies


def test_mermaid_is_found_in_its_package_and_nothing_else_of_it() -> None:
    assert finders.find("mermaid/mermaid.js")
    assert finders.find("mermaid/dom_shim.js") is None
