"""No secret of an address is ever shown."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.engine import URL

from nbmigrate.runtime.urls import MASK, safe_url, scrub, secrets_of

SECRETS = st.text(st.characters(codec="utf-8", exclude_characters="*"), min_size=6, max_size=20)


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("sqlite:///shop.db", "sqlite:///shop.db"),
        ("sqlite:///:memory:", "sqlite:///:memory:"),
        ("postgresql+psycopg://me:secret@host:5432/shop", "postgresql+psycopg://me:***@host:5432/shop"),
        ("postgresql://host/shop?user=me&password=secret", "postgresql://host/shop?password=***&user=me"),
        ("mssql+pyodbc:///?odbc_connect=PWD%3Dsecret", "mssql+pyodbc:///?odbc_connect=***"),
        ("postgresql://me:p@ss@host/db", "postgresql://me:***@host/db"),
        ("not a url://me:secret@host", "not a url://me:***@host"),
    ],
)
def test_shown_address_keeps_all_but_the_secret(url: str, shown: str) -> None:
    assert safe_url(url) == shown


@given(SECRETS, st.sampled_from(["password", "sslpassword", "token", "api_key", "auth_secret"]))
def test_no_secret_survives_in_the_shown_address(secret: str, name: str) -> None:
    address = URL.create("postgresql", "me", secret, "host", 5432, "shop", {name: secret})
    for text in (address, address.render_as_string(hide_password=False)):
        shown = safe_url(text)
        assert (
            shown
            == URL.create("postgresql", "me", "xxx", "host", 5432, "shop").render_as_string(
                hide_password=True
            )
            + f"?{name}={MASK}"
        )


@given(SECRETS)
def test_messages_are_scrubbed(secret: str) -> None:
    address = URL.create("postgresql", "me", secret, "host", query={"token": secret + "2"})
    assert secrets_of(address) == (secret + "2", secret)
    assert secret not in scrub(f"login as me with {secret} and {secret}2 failed", address).replace(MASK, "")
