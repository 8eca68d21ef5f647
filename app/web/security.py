"""Headers on every reply, and the sign-in cookie's manners."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from flask import Flask, Response

from app.config import Settings
from app.web import theme

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

CONTENT_SECURITY_POLICY = "; ".join(
    (
        "default-src 'none'",
        f"script-src 'self' {theme.SOURCE}",
        "style-src 'self'",
        "img-src 'self'",
        "media-src 'self'",
        "font-src 'self'",
        "connect-src 'self'",
        "manifest-src 'self'",
        "worker-src 'self'",
        "base-uri 'none'",
        "form-action 'self'",
        "frame-ancestors 'none'",
        # Where the browser knows them: HTML and script addresses come through page/trusted.ts and worker/load.ts only.
        "require-trusted-types-for 'script'",
        "trusted-types bv",
    )
)
# For what runs nothing and shows nothing by itself: shorter, as every reply on a slow link carries it.
PLAIN_POLICY = "default-src 'none'; frame-ancestors 'none'"
# A page's policy governs the page; a worker is governed by the policy its script came with. Built scripts start none:
# the page or worker that loads one has its own policy (sw.js and check-worker.js have addresses of their own).
RUNS = ("text/html", "text/javascript", "application/javascript")
BUILT = "/static/build/"
# What no browser makes a page of, and what only a page heeds: without it a reply is 150 bytes shorter.
NO_PAGE = (
    "application/javascript",
    "application/json",
    "application/manifest+json",
    "application/octet-stream",
    "text/css",
    "text/javascript",
)
FOR_PAGES = ("Cross-Origin-Opener-Policy", "Permissions-Policy")
PERMISSIONS_POLICY = ", ".join(
    f"{feature}=()"
    for feature in (
        "browsing-topics",
        "camera",
        "geolocation",
        "microphone",
        "payment",
        "usb",
    )
)
HEADERS = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": PERMISSIONS_POLICY,
}
# What the preview of a draft loads: it stands in a frame without an origin, to which nothing is its own.
FOR_THE_PREVIEW = re.compile(r"/static/build/(?:app-[0-9a-f]{10}\.css|preview-[0-9a-f]{10}\.js)")
# A working day and a little: an office computer left open is signed out by the next morning.
SIGN_IN_LASTS = timedelta(hours=12)


class SecurityHeaders:
    """Adds the headers a reply does not set itself.

    Outside Flask, because static files, redirects and crashes are answered without it and need them all the same.
    A view may set a stricter policy of its own, as pictures do.
    """

    def __init__(self, application: WSGIApplication, *, https: bool) -> None:
        self.application = application
        self.headers = dict(HEADERS)
        if https:
            self.headers["Strict-Transport-Security"] = "max-age=31536000"

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Answer as the application does, with the headers added."""

        def start(status: str, headers: list[tuple[str, str]], *rest: Any) -> Any:
            if status.startswith(("204", "304")):
                # Nothing came that they could speak of, or whoever has the reply has its headers too (RFC 9110,
                # 15.4.5); and it is on a slow line all day long.
                return start_response(status, headers, *rest)
            present, path = {name.lower(): value for name, value in headers}, environ.get("PATH_INFO", "")
            kind = present.get("content-type", "text/html")
            wanted = self.headers
            if kind.startswith(NO_PAGE):
                wanted = {name: value for name, value in wanted.items() if name not in FOR_PAGES}
            if not kind.startswith(RUNS) or path.startswith(BUILT):
                wanted = {**wanted, "Content-Security-Policy": PLAIN_POLICY}
            if FOR_THE_PREVIEW.fullmatch(path):
                wanted = {**wanted, "Cross-Origin-Resource-Policy": "cross-origin"}
            added = [(name, value) for name, value in wanted.items() if name.lower() not in present]
            return start_response(status, [*headers, *added], *rest)

        return self.application(environ, start)


def cookie_settings(settings: Settings) -> dict[str, Any]:
    """Return Flask's session settings. The `__Host-` name makes browsers refuse a cookie set by a sister site."""
    return {
        "SESSION_COOKIE_NAME": "__Host-bv" if settings.production else "bv",
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_SAMESITE": "Lax",
        "SESSION_COOKIE_SECURE": settings.production,
        "SESSION_COOKIE_PATH": "/",
        "PERMANENT_SESSION_LIFETIME": SIGN_IN_LASTS,
        # A form left open over lunch still counts; the token lives as long as the sign-in.
        "WTF_CSRF_TIME_LIMIT": None,
    }


def not_kept_unless_said(response: Response) -> Response:
    """Keep a reply out of every cache unless its view decided otherwise: most of them name people."""
    if "Cache-Control" not in response.headers:
        response.headers["Cache-Control"] = "no-store"
    return response


def init_app(app: Flask, settings: Settings) -> None:
    """Give `app` the cookie settings and the headers."""
    app.config.update(cookie_settings(settings))
    app.after_request(not_kept_unless_said)
    app.wsgi_app = SecurityHeaders(app.wsgi_app, https=settings.production)  # type: ignore[method-assign]
