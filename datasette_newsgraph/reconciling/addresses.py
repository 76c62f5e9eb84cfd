"""Which addresses may be asked: those of this machine, or any where the user allows it."""

from __future__ import annotations

from ipaddress import ip_address
from urllib.parse import urlsplit

from datasette_newsgraph.errors import UsageError
from datasette_newsgraph.wording import printable


def check_address(url: str, *, may_be_remote: bool) -> str:
    """Return an address of HTTP without its fragment, if it may be asked. Raises UsageError if not."""
    shown = repr(printable(url))
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname, parts.port
    except ValueError as error:
        raise UsageError(f"{shown} is no address: {error}") from error
    is_plain = url.isascii() and url.isprintable() and " " not in url
    if parts.scheme not in ("http", "https") or not host or not is_plain:
        raise UsageError(
            f"{shown} is no address of a service; give one like http://127.0.0.1:8001/…"
        )
    if parts.username is not None or parts.password is not None:
        raise UsageError(
            f"{shown} has a user name or password in it, which newsgraph does not send"
        )
    if not (may_be_remote or is_of_this_machine(host)):
        raise UsageError(
            f"{shown} is on another machine, which would learn the names of your entities;"
            " --allow-remote allows that"
        )
    return parts._replace(fragment="").geturl()


def is_of_this_machine(host: str) -> bool:
    """Tell whether a host is certainly this machine: a loopback address, or ``localhost``."""
    if host.lower() == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        # A name may lead anywhere.
        return False
