"""Care organisations, who belongs to them in which roles and teams, and the codes that let somebody in.

Owns providers, memberships, teams and invites. Knows persons by their id only, and knows nothing of learning.
"""

from app.providers.codes import CODE_ALPHABET, clean_code, new_code, written_code
from app.providers.erasing import count_old_invites, erase, has_other_places, left_before, remove_old_invites
from app.providers.errors import InviteRefused, ProviderError
from app.providers.invites import accept_invite, issue_invite, look_up_invite, revoke_invites
from app.providers.models import (
    Invite,
    Membership,
    MembershipRole,
    Provider,
    RegisteredManager,
    Team,
    TeamMember,
)
from app.providers.queries import find_member, find_provider, list_members, list_providers, memberships_of
from app.providers.service import (
    add_membership,
    add_person,
    add_provider,
    change_roles,
    clean_email,
    clean_reference,
    end_membership,
    set_details,
)
from app.providers.teams import (
    add_team,
    bring_team_back,
    find_team,
    list_teams,
    put_team_away,
    registered_manager,
    rename_team,
    set_registered_manager,
    set_teams,
    teams_of,
)
from app.providers.types import (
    InviteProblem,
    InviteTrouble,
    InviteView,
    MembershipView,
    MemberView,
    ProviderView,
    Role,
    TeamView,
)

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
    "RegisteredManager",
    "Role",
    "Team",
    "TeamMember",
    "TeamView",
    "accept_invite",
    "add_membership",
    "add_person",
    "add_provider",
    "add_team",
    "bring_team_back",
    "change_roles",
    "clean_code",
    "clean_email",
    "clean_reference",
    "count_old_invites",
    "end_membership",
    "erase",
    "find_member",
    "find_provider",
    "find_team",
    "has_other_places",
    "issue_invite",
    "left_before",
    "list_members",
    "list_providers",
    "list_teams",
    "look_up_invite",
    "memberships_of",
    "new_code",
    "put_team_away",
    "registered_manager",
    "remove_old_invites",
    "rename_team",
    "revoke_invites",
    "set_details",
    "set_registered_manager",
    "set_teams",
    "teams_of",
    "written_code",
]
