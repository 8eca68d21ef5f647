"""From something met to an Open Badges 3.0 AchievementCredential. Pure.

Only terms of the two contexts are used: another one would be shown and not signed. No data on people receiving care.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID, uuid5

from app.credentials.canonical import CREDENTIALS, OPEN_BADGES
from app.credentials.securing import moment
from app.credentials.types import Kind, Met

# One achievement has one id on every server, so that a receiver knows it again.
NAMESPACE = UUID("5d9a5c1e-7a52-4f0c-9b1e-2f4b6e0d8a31")
TYPES: Mapping[Kind, str] = {
    Kind.KNOWLEDGE: "Assessment",
    Kind.PRACTICE: "Competency",
    Kind.STANDARD: "Competency",
    Kind.CERTIFICATE: "Certificate",
    Kind.ELECTIVE: "Course",
}
FRAMEWORK_NAME = "Care Certificate 2025 (England)"
FRAMEWORK_PAGE = (
    "https://www.skillsforcare.org.uk/Developing-your-workforce/Care-Certificate/Care-Certificate-standards.aspx"
)


def credential(
    each: Met,
    *,
    address: str,
    status: Mapping[str, str],
    issuer: Mapping[str, str],
    person: UUID,
    name: str,
    now: datetime,
) -> dict[str, Any]:
    """Return the credential, unsigned. `address` is its id, `issuer` has `id` and `name`, `name` is the person's."""
    achievement: dict[str, Any] = {
        "id": achievement_id(each.achievement),
        "type": ["Achievement"],
        "achievementType": TYPES[each.kind],
        "name": each.name,
        "description": each.description,
        "criteria": {"narrative": each.criteria},
    }
    if each.lines:
        achievement["alignment"] = [
            {
                "type": ["Alignment"],
                "targetName": line.text,
                "targetUrl": FRAMEWORK_PAGE,
                "targetCode": line.code,
                "targetFramework": FRAMEWORK_NAME,
            }
            for line in each.lines
        ]
    subject: dict[str, Any] = {
        "id": f"urn:uuid:{person}",
        "type": ["AchievementSubject"],
        "identifier": [{"type": "IdentityObject", "hashed": False, "identityHash": name, "identityType": "name"}],
        "achievement": achievement,
    }
    if each.scores:
        described = {score.module: f"urn:uuid:{uuid5(NAMESPACE, f'result/{score.module}')}" for score in each.scores}
        achievement["resultDescription"] = [
            {
                "id": described[score.module],
                "type": ["ResultDescription"],
                "name": f"Questions of {score.title}",
                "resultType": "Percent",
                "requiredValue": str(score.needed),
                "valueMin": "0",
                "valueMax": "100",
            }
            for score in each.scores
        ]
        subject["result"] = [
            {"type": ["Result"], "resultDescription": described[score.module], "value": str(score.reached)}
            for score in each.scores
        ]
    built: dict[str, Any] = {
        "@context": [CREDENTIALS, OPEN_BADGES],
        "id": address,
        "type": ["VerifiableCredential", "OpenBadgeCredential"],
        "name": each.name,
        "issuer": {"id": issuer["id"], "type": ["Profile"], "name": issuer["name"]},
        "validFrom": moment(now),
        "awardedDate": f"{each.on.isoformat()}T00:00:00Z",
        "credentialSubject": subject,
        "credentialStatus": dict(status),
    }
    if each.valid_until is not None:
        built["validUntil"] = moment(each.valid_until)
    if each.proofs:
        built["evidence"] = [
            {"type": ["Evidence"], "name": proof.name, "narrative": proof.words} for proof in each.proofs
        ]
    return built


def achievement_id(key: str) -> str:
    """Return the id of an achievement by its key."""
    return f"urn:uuid:{uuid5(NAMESPACE, key)}"
