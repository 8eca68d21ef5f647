"""The visits after the first: with the network cut, with nothing new, and with one module published anew."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import TYPE_CHECKING

from bench.slow_phone import Phone, forget_http_cache
from tests.support.carer import Carer
from tests.support.engines import Chromium
from tests.support.forty import A_DAY_LATER, next_edition
from tests.support.link import QUICK, SlowLink
from tests.support.site import ROOT

if TYPE_CHECKING:
    from bench.visit import Place, Rounds

# Rounds of cold starts on one machine are 1.5 to 3.3 times the floor: the median of five lay on either side of 2.
COLD = 15
CHANGES = 2
TODAY = "main .bv-card"


def own_content(folder: Path) -> Path:
    """Copy our lessons, so that one can be changed."""
    return Path(shutil.copytree(ROOT / "content", folder / "content"))


def measure(place: Place, rounds: Rounds) -> None:
    """P7 and P9."""
    cold_starts(place, rounds)
    print("  cold starts", flush=True)
    returns(place, rounds)
    print("  return visits", flush=True)


def cold_starts(place: Place, rounds: Rounds) -> None:
    """P7: one visit, then the network is cut, and each time a new browser opens with its own cache empty."""
    ours, least = place.profile("cold"), place.profile("cold-floor")
    with SlowLink(place.site.port, QUICK) as link, SlowLink(place.floor, QUICK) as floor_link:
        phone = Chromium(place.playwright, ours)
        Carer(phone, place.site, origin=link.origin).join(place.code("Cold"))
        phone.close()
        plain = Phone(place.playwright, least, slower=1)
        plain.seconds(floor_link.origin, "body[data-kept]")
        plain.close()
        here, there = link.origin, floor_link.origin
    # Nobody listens at either port any more.
    for _ in range(COLD):
        seconds = []
        for profile, address, selector in ((ours, f"{here}/today", TODAY), (least, there, "main li")):
            forget_http_cache(place.playwright, profile)
            phone = Phone(place.playwright, profile)
            seconds.append(phone.seconds(address, selector))
            phone.close()
        rounds["P7.seconds"].append(seconds[0])
        rounds["P7.floor"].append(seconds[0] / seconds[1])


def returns(place: Place, rounds: Rounds) -> None:
    """P9: a day later each time, by somebody who has sent something before."""
    profile = place.profile("returns")
    with SlowLink(place.site.port, QUICK) as link:
        carer = opened(place, profile, link)
        carer.join(place.code("Returns"))
        carer.start(place.modules[0])
        carer.next()
        shut(carer, link)
        visit(place, profile, link)
        for number in range(CHANGES):
            bytes_, requests = visit(place, profile, link)
            rounds["P9.bytes"].append(bytes_ / 1000)
            rounds["P9.requests"].append(requests)
            own = next_edition(place.site, place.modules[1 + number])
            more, _ = visit(place, profile, link)
            rounds["P9.changed"].append((more - bytes_) / own)
            # What follows from it, such as words to search by, comes with a later look and belongs to it.
            after, _ = visit(place, profile, link)
            rounds["P9.changed"][-1] += (after - bytes_) / own


def opened(place: Place, profile: Path, link: SlowLink) -> Carer:
    """A new browser on the same phone."""
    return Carer(Chromium(place.playwright, profile), place.site, origin=link.origin)


def visit(place: Place, profile: Path, link: SlowLink) -> tuple[int, int]:
    """Open Today a day later, and wait until the line is quiet: bytes and requests."""
    link.forget()
    carer = opened(place, profile, link)
    carer.go("/today")
    carer.wait_for(TODAY)
    return shut(carer, link)


def shut(carer: Carer, link: SlowLink) -> tuple[int, int]:
    """Wait until the line is quiet, let a day pass on the phone, and end its browser."""
    link.quiet()
    spent = link.received, link.requests
    page = carer.engine.page  # type: ignore[attr-defined]
    page.evaluate(A_DAY_LATER)
    carer.engine.close()
    return spent
