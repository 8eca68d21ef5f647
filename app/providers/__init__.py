"""Care organisations, who belongs to them in which roles, and the codes that let somebody in.

Owns providers, memberships and invites. Knows persons by their id only, and knows nothing of learning.
"""

from app.providers.codes import CODE_ALPHABET, clean_code, new_code, written_code
from app.providers.erasing import count_old_invites, erase, has_other_places, left_before, remove_old_invites
from app.providers.errors import InviteRefused, ProviderError
from app.providers.invites import accept_invite, issue_invite, look_up_invite, revoke_invites
from app.providers.models import Invite, Membership, MembershipRole, Provider
from app.providers.queries import find_member, find_provider, list_members, list_providers, memberships_of
from app.providers.service import (
    add_membership,
    add_person,
    add_provider,
    change_roles,
    end_membership,
)
from app.providers.types import InviteProblem, InviteTrouble, InviteView, MembershipView, MemberView, ProviderView, Role

__all__ = [
    "CODE_ALPHABET",
    "Invite",
    "InviteProblem",
    "InviteRefused",
    "InviteTrouble",
    "InviteView",
    "MemberView",
    "Membership",
    "MembershipRole",
    "MembershipView",
    "Provider",
    "ProviderError",
    "ProviderView",
    "Role",
    "accept_invite",
    "add_membership",
    "add_person",
    "add_provider",
    "change_roles",
    "clean_code",
    "count_old_invites",
    "end_membership",
    "erase",
    "find_member",
    "find_provider",
    "has_other_places",
    "issue_invite",
    "left_before",
    "list_members",
    "list_providers",
    "look_up_invite",
    "memberships_of",
    "new_code",
    "remove_old_invites",
    "revoke_invites",
    "written_code",
]
