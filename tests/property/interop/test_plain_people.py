"""The list of people that is saved is taken in again with nothing lost, whatever somebody is called."""

from __future__ import annotations

from datetime import UTC, date, datetime
from uuid import UUID

from hypothesis import assume, given
from hypothesis import strategies as st

from app.interop import plain
from app.kernel import day_of
from app.providers import MemberView, Role
from app.providers.sheet_reader import read_file
from app.providers.staff_list import Meaning, checked, entries

TODAY = date(2026, 11, 23)
LETTERS = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZàéîõüßąćęłńóśźżÀÉŁŻاملدষবṣọ"
NAMES = st.text(alphabet=LETTERS + " '-.,’\"", min_size=1, max_size=60)
REFERENCES = st.text(alphabet=LETTERS + "0123456789 -/'\",;=+@", max_size=30)
EMAILS = st.sampled_from(["", "ngozi@care.example", "+44@care.example", "o'hale@care.example", "-a.b@care.example"])


@st.composite
def members(draw: st.DrawFn) -> MemberView:
    """Somebody as the list that is taken in would have made them."""
    found = MemberView(
        membership_id=1,
        person_id=1,
        person_uuid=UUID(int=1),
        name=" ".join(draw(NAMES).split()),
        provider_id=1,
        roles=frozenset(draw(st.sets(st.sampled_from(list(Role)), min_size=1))),
        started=datetime.combine(draw(st.dates(date(1990, 1, 1), date(2026, 11, 20))), draw(st.times()), UTC),
        ended=None,
        archived_at=None,
        has_pin=False,
        reference=" ".join(draw(REFERENCES).split()) or None,
        email=draw(EMAILS) or None,
    )
    assume(not meaning_of(found).problems)
    return found


def meaning_of(member: MemberView) -> Meaning:
    """What a person's row says when it is taken in."""
    rows = plain.people([member], "WP1")
    [entry] = entries(read_file(plain.to_csv(plain.PEOPLE_COLUMNS, rows)))
    return checked(entry, today=TODAY)


@given(members(), st.booleans())
def test_who_was_saved_comes_back_as_they_were(member: MemberView, for_excel: bool) -> None:
    rows = plain.people([member], "WP1")
    file = plain.to_csv(plain.PEOPLE_COLUMNS, rows, for_excel=for_excel)
    [entry] = entries(read_file(file))
    found = checked(entry, today=TODAY)
    assert (found.name, found.email, found.reference) == (member.name, member.email or "", member.reference or "")
    assert (found.roles, found.started) == (member.roles, day_of(member.started))


def test_a_name_with_a_comma_is_not_turned_round_in_a_list_of_our_own() -> None:
    header = ",".join(plain.PEOPLE_COLUMNS)
    [entry] = entries(read_file(f'{header}\r\n"Obi, RN",,carer,2026-01-01,WP1,W-7\r\n'.encode()))
    assert (entry.name, entry.reference) == ("Obi, RN", "W-7")
    [other] = entries(read_file(b'Name,Email\r\n"Obi, Ngozi",\r\n'))
    assert other.name == "Ngozi Obi"
