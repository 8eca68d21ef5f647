"""Licences that let anybody share and adapt a module, also in their paid work.

A licence that is not here is unknown, and its pack is not offered. Home care is a business: modules for
non-commercial use only would be taken by people who may not use them, so those licences are left out.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Licence:
    """A licence by its SPDX identifier. `words` say what it asks; `url` is where it can be read."""

    name: str
    words: str
    url: str


LICENCES: Mapping[str, Licence] = {
    "CC0-1.0": Licence(
        name="CC0 1.0",
        words="No rights reserved.",
        url="https://creativecommons.org/publicdomain/zero/1.0/",
    ),
    "CC-BY-4.0": Licence(
        name="Creative Commons Attribution 4.0",
        words="Share and adapt it, and name who made it.",
        url="https://creativecommons.org/licenses/by/4.0/",
    ),
    "CC-BY-SA-4.0": Licence(
        name="Creative Commons Attribution-ShareAlike 4.0",
        words="Share and adapt it, name who made it, and share what you make of it alike.",
        url="https://creativecommons.org/licenses/by-sa/4.0/",
    ),
    "OGL-UK-3.0": Licence(
        name="Open Government Licence 3.0",
        words="Share and adapt it, and name where it comes from.",
        url="https://www.nationalarchives.gov.uk/doc/open-government-licence/version/3/",
    ),
}


def known(licence: str) -> bool:
    """Say whether a licence lets others have what is under it."""
    return licence in LICENCES
