"""What kind of phone is asking, as far as its own words tell: enough to show the right steps, never to refuse. Pure."""

from __future__ import annotations

import re
from enum import StrEnum

# Browsers inside other apps: their storage is their own, so what is kept there is lost when the app tidies up.
INSIDE = re.compile(
    r"FBAN|FBAV|FB_IAB|Instagram|Messenger|WhatsApp|Line/|MicroMessenger|Snapchat|Twitter|TikTok|musical_ly|"
    r"BytedanceWebview|LinkedInApp|Teams/|GSA/|; wv\)",
)


class Phone(StrEnum):
    """Which steps to show."""

    ANDROID = "android"
    IPHONE = "iphone"
    OTHER = "other"


def phone_of(user_agent: str) -> Phone:
    """Return which steps fit a User-Agent header."""
    if "Android" in user_agent:
        return Phone.ANDROID
    # An iPad calls itself a Macintosh; its steps differ little, and a Mac shows no harm from seeing "other".
    return Phone.IPHONE if re.search(r"iPhone|iPad|iPod", user_agent) else Phone.OTHER


def inside_another_app(user_agent: str) -> bool:
    """Say whether the page seems to be open inside another app rather than in a browser of its own.

    On an iPhone only Safari and the large browsers say "Safari/"; a web view inside an app does not.
    """
    if INSIDE.search(user_agent):
        return True
    return phone_of(user_agent) is Phone.IPHONE and "AppleWebKit" in user_agent and "Safari/" not in user_agent
