"""Every action there is, with the words for it. One that is not here cannot be noted.

A key once noted stays in the chain, so a key is never renamed and never taken out. To add one, add a line.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    """What an action is about: what the trail can be filtered by."""

    PEOPLE = "people"
    SIGN_IN = "sign-in"
    LEARNING = "learning"
    CONTENT = "content"
    DATA = "data"
    SERVER = "server"


@dataclass(frozen=True, slots=True, kw_only=True)
class ActionWords:
    """An action in words. `sentence` has {who}, {whom} and its details; `details` are the keys it may carry."""

    kind: Kind
    sentence: str
    details: frozenset[str] = frozenset()


def _a(kind: Kind, sentence: str, *details: str) -> ActionWords:
    return ActionWords(kind=kind, sentence=sentence, details=frozenset(details))


ACTIONS: Mapping[str, ActionWords] = {
    # People and their rights
    "provider.added": _a(Kind.PEOPLE, "{who} set this provider up"),
    "provider.changed": _a(Kind.PEOPLE, "{who} changed what the provider is called or whom people ask"),
    "person.added": _a(Kind.PEOPLE, "{who} added {whom} as {roles}", "roles"),
    "person.renamed": _a(Kind.PEOPLE, "{who} put the name of {whom} right"),
    "person.roles-changed": _a(Kind.PEOPLE, "{who} made {whom} {roles}", "roles"),
    "person.archived": _a(Kind.PEOPLE, "{who} noted that {whom} has left"),
    "person.restored": _a(Kind.PEOPLE, "{who} brought {whom} back"),
    "person.details-changed": _a(Kind.PEOPLE, "{who} changed the staff number, e-mail or first day of {whom}"),
    "person.teams-changed": _a(Kind.PEOPLE, "{who} put {whom} into other teams"),
    "registered-manager.named": _a(Kind.PEOPLE, "{who} named {whom} registered manager"),
    "registered-manager.ended": _a(Kind.PEOPLE, "{who} noted that {whom} is no longer the registered manager"),
    "team.added": _a(Kind.PEOPLE, "{who} added a team", "team"),
    "team.renamed": _a(Kind.PEOPLE, "{who} gave a team another name", "team"),
    "team.put-away": _a(Kind.PEOPLE, "{who} put a team away", "team"),
    "team.brought-back": _a(Kind.PEOPLE, "{who} brought a team back", "team"),
    # Codes, passwords, phones
    "code.made": _a(Kind.SIGN_IN, "{who} gave {whom} a new code"),
    "code.taken-back": _a(Kind.SIGN_IN, "{who} took the code of {whom} back"),
    "code.used": _a(Kind.SIGN_IN, "{who} joined with a code"),
    "pin.set": _a(Kind.SIGN_IN, "{who} chose a PIN"),
    "password.set": _a(Kind.SIGN_IN, "{who} chose a password"),
    "password.given": _a(Kind.SIGN_IN, "{who} gave {whom} a password for one sign-in"),
    "sign-in.done": _a(Kind.SIGN_IN, "{who} signed in"),
    "sign-in.ended": _a(Kind.SIGN_IN, "{who} signed out"),
    "sign-in.ended-everywhere": _a(Kind.SIGN_IN, "{who} signed out of every browser"),
    "sign-in.refused": _a(Kind.SIGN_IN, "{who} tried to sign in as {whom} too often and was stopped"),
    "second-step.added": _a(Kind.SIGN_IN, "{who} added a second step to their sign-in"),
    "second-step.removed": _a(Kind.SIGN_IN, "{who} took the second step from the sign-in of {whom}"),
    "second-step.codes-made": _a(Kind.SIGN_IN, "{who} made new codes for when their second step is lost"),
    "second-step.code-used": _a(Kind.SIGN_IN, "{who} signed in with a code for when the second step is lost"),
    "second-step.refused": _a(Kind.SIGN_IN, "{who} gave a wrong second step too often and was stopped"),
    "openid.linked": _a(Kind.SIGN_IN, "{who} added an account from elsewhere to their sign-in"),
    "openid.used": _a(Kind.SIGN_IN, "{who} came in with an account from elsewhere"),
    "openid.ended": _a(Kind.SIGN_IN, "{who} took the accounts from elsewhere from the sign-in of {whom}"),
    "phone.added": _a(Kind.SIGN_IN, "{who} set up a phone"),
    "phone.signed-in": _a(Kind.SIGN_IN, "{who} signed in on a phone with their PIN", "phone"),
    "passkey.added": _a(Kind.SIGN_IN, "{who} added a fingerprint or face for signing in on a phone", "phone"),
    "passkey.removed": _a(Kind.SIGN_IN, "{who} took their fingerprint or face away again", "phone"),
    "passkey.used": _a(Kind.SIGN_IN, "{who} signed in on a phone with a fingerprint or face", "phone"),
    "phone.lost": _a(Kind.SIGN_IN, "{who} ended the sign-in of a lost phone of {whom}", "phone"),
    "phone.removed": _a(Kind.SIGN_IN, "{who} took themselves off a phone", "phone"),
    "phones.ended": _a(Kind.SIGN_IN, "{who} ended the sign-in of every phone of {whom}"),
    # Learning
    "assignment.made": _a(Kind.LEARNING, "{who} asked {whom} for {module}{due}", "module", "due"),
    "assignment.ended": _a(Kind.LEARNING, "{who} stopped asking {whom} for {module}", "module"),
    "nudge.sent": _a(Kind.LEARNING, "{who} nudged {whom}", "channels"),
    "nudges.automatic-on": _a(Kind.LEARNING, "{who} let the server nudge people by itself"),
    "nudges.automatic-off": _a(Kind.LEARNING, "{who} let the server nudge nobody by itself any more"),
    "goes.reset": _a(Kind.LEARNING, "{who} gave {whom} more goes at {module}", "module"),
    "copy.handed-in": _a(
        Kind.LEARNING,
        "{who} handed in a saved copy of {whom}: {taken} new records",
        "taken",
        "known",
        "held",
        "refused",
    ),
    "pass.kept": _a(Kind.LEARNING, "{who} let {whom} keep a pass of {module} that a wrong key gave", "module"),
    "pass.taken": _a(Kind.LEARNING, "{who} took a pass of {module} from {whom} that a wrong key gave", "module"),
    # What is needed of whom
    "list.taken-up": _a(
        Kind.LEARNING,
        "{who} took up the usual list: {trainings} trainings, {profiles} jobs",
        "trainings",
        "profiles",
    ),
    "training.added": _a(Kind.LEARNING, "{who} put {training} on the list of what is needed", "training"),
    "training.changed": _a(Kind.LEARNING, "{who} changed what {training} asks", "training"),
    "training.ended": _a(Kind.LEARNING, "{who} took {training} off the list of what is needed", "training"),
    "profile.added": _a(Kind.LEARNING, "{who} added the job {profile}", "profile"),
    "profile.changed": _a(Kind.LEARNING, "{who} changed what the job {profile} needs", "profile"),
    "profile.ended": _a(Kind.LEARNING, "{who} took the job {profile} off the list", "profile"),
    "profile.given": _a(Kind.LEARNING, "{who} gave {whom} the job {profile}", "profile"),
    "profile.taken": _a(Kind.LEARNING, "{who} took the job {profile} from {whom}", "profile"),
    "exception.made": _a(Kind.LEARNING, "{who} noted that {whom} does not need {training}", "training", "until"),
    "exception.ended": _a(Kind.LEARNING, "{who} ended an exception of {whom}"),
    "outside.noted": _a(Kind.LEARNING, "{who} noted that {whom} had {training} elsewhere", "training"),
    "outside.booked": _a(Kind.LEARNING, "{who} booked {whom} on {training}", "training", "day"),
    "outside.accepted": _a(Kind.LEARNING, "{who} accepted a certificate of {whom}: {training}", "training"),
    "outside.refused": _a(Kind.LEARNING, "{who} refused a certificate of {whom}: {training}", "training"),
    "outside.called-off": _a(Kind.LEARNING, "{who} called off a booking of {whom}: {training}", "training"),
    "recognition.accepted": _a(
        Kind.LEARNING, "{who} recognised what {whom} had shown elsewhere: {training}", "training"
    ),
    "recognition.declined": _a(
        Kind.LEARNING, "{who} did not recognise what {whom} had shown elsewhere: {training}", "training"
    ),
    "recognition.ended": _a(
        Kind.LEARNING,
        "{who} let {training} of {whom} count no more, as its issuer took it back or is trusted no more",
        "training",
    ),
    "recognition.counts-again": _a(
        Kind.LEARNING, "{who} let {training} of {whom} count again, as its issuer is trusted again", "training"
    ),
    "recognition.fetched": _a(
        Kind.DATA, "{who} saved a signed statement about {whom} as it was handed in: {training}", "training"
    ),
    "issuer.trusted": _a(Kind.LEARNING, "{who} trusts what {issuer} signs", "issuer"),
    "issuer.ended": _a(Kind.LEARNING, "{who} trusts no longer what {issuer} signs", "issuer"),
    "issuer.looked-at": _a(Kind.LEARNING, "{who} asked {issuer} for its keys and what it withdrew", "issuer"),
    "needs.carried-out": _a(
        Kind.LEARNING,
        "{who} brought what is asked into line with the jobs people have: {added} more, {ended} fewer",
        "added",
        "ended",
    ),
    # Supervision, plans, induction
    "supervision.periods-set": _a(Kind.PEOPLE, "{who} set how often supervision and other meetings are held"),
    "meeting.recorded": _a(Kind.PEOPLE, "{who} wrote a meeting with {whom} down: {kind}", "kind"),
    "meeting.team-recorded": _a(Kind.PEOPLE, "{who} wrote a team meeting down: {people} came", "people"),
    "meeting.taken-out": _a(Kind.PEOPLE, "{who} took a meeting with {whom} out of the record: {kind}", "kind"),
    "agreed.done": _a(Kind.PEOPLE, "{who} noted that something agreed with {whom} is done"),
    "agreed.opened": _a(Kind.PEOPLE, "{who} noted that something agreed with {whom} is not done after all"),
    "goal.added": _a(Kind.PEOPLE, "{who} put a goal on the plan of {whom}"),
    "goal.ended": _a(Kind.PEOPLE, "{who} took a goal off the plan of {whom}"),
    "goal.commented": _a(Kind.PEOPLE, "{who} commented on a goal of {whom}"),
    "goal.comment-ended": _a(Kind.PEOPLE, "{who} took a comment on a goal of {whom} off"),
    "induction.ticked": _a(Kind.PEOPLE, "{who} ticked off a line of the induction of {whom}"),
    "induction.unticked": _a(Kind.PEOPLE, "{who} took a tick in the induction of {whom} back"),
    "induction.list-changed": _a(Kind.PEOPLE, "{who} changed the induction checklist"),
    # Practice observed
    "assessor.named": _a(
        Kind.PEOPLE, "{who} named {whom} an assessor, standards: {standards}", "standards", "since", "until"
    ),
    "assessor.ended": _a(Kind.PEOPLE, "{who} ended {whom} being an assessor"),
    "observation.taken-back": _a(
        Kind.LEARNING, "{who} took back what was seen of {whom} for standard {standard}", "standard"
    ),
    "observation.brought-back": _a(
        Kind.LEARNING, "{who} brought back what was seen of {whom} for standard {standard}", "standard"
    ),
    "observation.countersigned": _a(
        Kind.LEARNING, "{who} let count what was seen of {whom} for standard {standard}", "standard", "own"
    ),
    "standard.signed-off": _a(Kind.LEARNING, "{who} signed standard {standard} off for {whom}", "standard"),
    "standard.sign-off-taken-back": _a(
        Kind.LEARNING, "{who} took the sign-off of standard {standard} from {whom}", "standard"
    ),
    "certificate.signed-off": _a(Kind.LEARNING, "{who} signed the Care Certificate of {whom} off"),
    "certificate.sign-off-taken-back": _a(Kind.LEARNING, "{who} took the sign-off of the Care Certificate from {whom}"),
    # Credentials
    "credentials.brought-into-line": _a(
        Kind.LEARNING, "{who} issued {issued} and revoked {revoked} credentials of {whom}", "issued", "revoked"
    ),
    "credential.revoked": _a(Kind.LEARNING, "{who} revoked a credential of {whom}: {credential}", "credential", "anew"),
    "credentials.keys-rotated": _a(
        Kind.SERVER, "{who} made new keys to sign credentials with: number {number}", "number", "leaked"
    ),
    # Delegated tasks
    "delegated.noted": _a(
        Kind.LEARNING, "{who} noted that a clinician delegated a task to {whom}, until {until}", "until", "own"
    ),
    "delegated.withdrawn": _a(Kind.LEARNING, "{who} withdrew what was delegated to {whom}: {tasks}", "tasks"),
    "delegated.brought-back": _a(
        Kind.LEARNING, "{who} undid the withdrawal of a task that was delegated to {whom}", "own"
    ),
    "delegated.saved": _a(Kind.DATA, "{who} saved the list of delegated tasks as a file"),
    # Modules
    "content.published": _a(Kind.CONTENT, "{who} published modules: {editions} editions", "editions"),
    "content.corrected": _a(
        Kind.CONTENT, "{who} put the key of a question of {module} right", "module", "edition", "question"
    ),
    "content.withdrawn": _a(Kind.CONTENT, "{who} withdrew {module}", "module", "safety"),
    "content.adopted": _a(Kind.CONTENT, "{who} took up {pack}", "pack"),
    "content.left-out": _a(Kind.CONTENT, "{who} stopped using {pack}", "pack"),
    # Packs shared with other servers, and taken from them
    "catalogue.offered": _a(Kind.CONTENT, "{who} offered the pack {pack} to other servers", "pack"),
    "catalogue.stopped": _a(Kind.CONTENT, "{who} stopped offering the pack {pack} to other servers", "pack"),
    "catalogue.named": _a(Kind.CONTENT, "{who} gave this server's catalogue another name"),
    "catalogue.new-key": _a(Kind.CONTENT, "{who} made a new key that signs this server's catalogue"),
    "catalogue.followed": _a(Kind.CONTENT, "{who} confirmed the key of another server's catalogue", "source"),
    "catalogue.unfollowed": _a(Kind.CONTENT, "{who} stopped following another server's catalogue", "source"),
    "catalogue.asked": _a(Kind.CONTENT, "{who} asked for what is new in another server's catalogue", "source"),
    "catalogue.taken": _a(Kind.CONTENT, "{who} took {editions} editions from another server", "source", "editions"),
    "catalogue.urgent": _a(
        Kind.CONTENT,
        "{who} carried out what another server withdrew or put right: {withdrawn} withdrawn, {errata} put right",
        "source",
        "withdrawn",
        "errata",
    ),
    # Changes suggested to whoever publishes a module, and by others to us
    "suggestion.written": _a(Kind.CONTENT, "{who} wrote on a suggestion for {module}", "module"),
    "suggestion.asked": _a(Kind.CONTENT, "{who} sent a suggestion for {module} to its publisher", "module", "named"),
    "suggestion.taken-back": _a(Kind.CONTENT, "{who} took a suggestion for {module} back", "module"),
    "suggestion.put-away": _a(
        Kind.CONTENT, "{who} put a suggestion for {module} away, or brought it back", "module", "back"
    ),
    "suggestion.came-by-file": _a(Kind.CONTENT, "{who} read in a suggestion for {module} from a file", "module"),
    "suggestion.taken-up": _a(Kind.CONTENT, "{who} began a draft of suggestion {suggestion}", "module", "suggestion"),
    "suggestion.declined": _a(Kind.CONTENT, "{who} did not take suggestion {suggestion}", "module", "suggestion"),
    "suggestion.again": _a(Kind.CONTENT, "{who} looked at suggestion {suggestion} again", "module", "suggestion"),
    "suggestion.taken": _a(
        Kind.CONTENT,
        "{who} took suggestion {suggestion} into edition {edition} of {module}",
        "module",
        "suggestion",
        "edition",
    ),
    # Drafts
    "draft.written": _a(Kind.CONTENT, "{who} wrote on the draft of {module}", "module"),
    "draft.media-added": _a(Kind.CONTENT, "{who} added {file} to the draft of {module}", "module", "file"),
    "draft.media-removed": _a(Kind.CONTENT, "{who} took {file} out of the draft of {module}", "module", "file"),
    "draft.started": _a(Kind.CONTENT, "{who} began to write {module}", "module"),
    "draft.imported": _a(Kind.CONTENT, "{who} began {module} from a file", "module"),
    "draft.copied": _a(Kind.CONTENT, "{who} began {module} as a version of {original}", "module", "original"),
    "draft.restored": _a(Kind.CONTENT, "{who} brought back earlier words of {module}", "module", "revision"),
    "draft.put-away": _a(Kind.CONTENT, "{who} put the draft of {module} away", "module"),
    "draft.brought-back": _a(Kind.CONTENT, "{who} brought the draft of {module} back", "module"),
    "draft.sent-to-review": _a(Kind.CONTENT, "{who} sent the draft of {module} to review", "module"),
    "draft.sent-back": _a(Kind.CONTENT, "{who} took the draft of {module} back to be written on", "module"),
    "draft.commented": _a(Kind.CONTENT, "{who} commented on the draft of {module}", "module"),
    "draft.comment-resolved": _a(Kind.CONTENT, "{who} dealt with a comment on the draft of {module}", "module"),
    "draft.checked": _a(
        Kind.CONTENT, "{who} noted who checked the facts of the draft of {module}", "module", "revision", "alone"
    ),
    "draft.published": _a(Kind.CONTENT, "{who} published edition {edition} of {module}", "module", "edition", "change"),
    # A provider's own page beside a module
    "local-page.written": _a(Kind.CONTENT, "{who} wrote the provider's own page beside {module}", "module"),
    "local-page.removed": _a(Kind.CONTENT, "{who} took the provider's own page beside {module} away", "module"),
    "local-page.restored": _a(
        Kind.CONTENT, "{who} brought back earlier words of the provider's own page beside {module}", "module"
    ),
    # Personal data
    "workplace.changed": _a(Kind.DATA, "{who} changed what the workplace is called in ASC-WDS"),
    "export.fetched": _a(Kind.DATA, "{who} saved a file for other systems: {what}", "what"),
    "export.person-fetched": _a(Kind.DATA, "{who} saved the record of {whom} for other systems: {what}", "what"),
    "feed.token-made": _a(Kind.DATA, "{who} let {system} read where people stand: {fields}", "system", "fields"),
    "feed.token-ended": _a(Kind.DATA, "{who} let {system} read where people stand no longer", "system"),
    "webhook.added": _a(Kind.DATA, "{who} let {system} be told of changes: {events}", "system", "events"),
    "webhook.ended": _a(Kind.DATA, "{who} let {system} be told of changes no longer", "system"),
    "webhook.tried": _a(Kind.DATA, "{who} let {system} be sent a test", "system"),
    "webhook.sent-again": _a(Kind.DATA, "{who} let {system} be told again what had not gone through", "system"),
    "store.added": _a(Kind.DATA, "{who} let statements be forwarded to {system}, from {day} on", "system", "day"),
    "store.ended": _a(Kind.DATA, "{who} let statements be forwarded to {system} no longer", "system"),
    "store.sent-again": _a(Kind.DATA, "{who} let what {system} had not taken be tried again", "system"),
    "evidence.asked": _a(Kind.DATA, "{who} asked for an evidence pack", "pack"),
    "evidence.cancelled": _a(Kind.DATA, "{who} gave up an evidence pack that was being made", "pack"),
    "evidence.fetched": _a(Kind.DATA, "{who} saved the file of an evidence pack", "pack"),
    "evidence.removed": _a(Kind.DATA, "{who} removed the file of an evidence pack", "pack"),
    "evidence.labels-changed": _a(Kind.DATA, "{who} changed the headings of evidence packs"),
    "data.exported": _a(Kind.DATA, "{who} took a copy of everything about {whom}", "for"),
    "data.erased": _a(Kind.DATA, "{who} erased {whom}", "records", "wholly"),
    "data.retention": _a(
        Kind.DATA,
        "{who} removed what had been kept long enough",
        "people",
        "records",
        "answers",
        "reflections",
        "messages",
        "packs",
        "invites",
        "failures",
        "tokens",
        "looks",
    ),
    "audit.shortened": _a(Kind.DATA, "{who} removed the entries up to number {up_to}", "up_to", "hash"),
    # The server
    "backup.restored": _a(Kind.SERVER, "{who} put a backup back", "made_at", "records"),
    "backup.moved-in": _a(Kind.SERVER, "{who} moved everything to another database", "records"),
    "records.rebuilt": _a(Kind.SERVER, "{who} worked results out of the log again", "records", "held"),
    "server.seeded": _a(Kind.SERVER, "{who} added people and records for trying things out"),
}
