"""What is signed is worked out without lxml, whether it is installed or not: decision 19 leaves it out."""

from __future__ import annotations

import json
import subprocess
import sys

from app.credentials import canonical

DOCUMENT = {
    "@context": [canonical.CREDENTIALS, canonical.OPEN_BADGES],
    "id": "urn:uuid:0190d6f0-0000-7000-8000-000000000001",
    "type": ["VerifiableCredential"],
    "issuer": "https://learn.example.org/issuers/1",
    "credentialSubject": {"id": "did:key:z6Mk", "type": ["AchievementSubject"]},
}
PROOF = {"type": "DataIntegrityProof", "cryptosuite": "eddsa-rdfc-2022", "created": "2026-11-23T00:00:00Z"}
# Where lxml is not installed, and neither is what only the programs beside the vocabularies' files use.
WITHOUT = """
import importlib.abc, json, sys
class Absent(importlib.abc.MetaPathFinder):
    def find_spec(self, name, path=None, target=None):
        if name.split(".")[0] in ("lxml", "jwt", "png"):
            raise ModuleNotFoundError(name, name=name)
sys.meta_path.insert(0, Absent())
from app.credentials import canonical
asked = json.loads(sys.stdin.read())
print(canonical.hash_of(asked["document"], asked["proof"]).hex())
assert not any(name.startswith("lxml") for name in sys.modules)
"""


def test_the_same_is_signed_where_lxml_is_not_installed() -> None:
    asked = json.dumps({"document": DOCUMENT, "proof": PROOF})
    done = subprocess.run([sys.executable, "-c", WITHOUT], input=asked, capture_output=True, text=True, check=False)
    assert done.stderr == ""
    assert done.stdout.strip() == canonical.hash_of(DOCUMENT, PROOF).hex()


AT_ONCE = """
from threading import Barrier, Thread
from app.credentials import canonical
together = Barrier(4)
def first():
    together.wait()
    document = {"@context": canonical.CREDENTIALS, "type": "VerifiableCredential"}
    canonical.hash_of(document, {"type": "DataIntegrityProof"})
threads = [Thread(target=first) for _ in range(4)]
for each in threads:
    each.start()
for each in threads:
    each.join()
"""


def test_threads_that_sign_their_first_at_the_same_moment_all_can() -> None:
    done = subprocess.run([sys.executable, "-c", AT_ONCE], capture_output=True, text=True, check=False)
    assert done.stderr == ""


def test_what_others_read_lxml_for_is_left_as_it_was() -> None:
    canonical.hash_of(DOCUMENT, PROOF)
    found = sys.modules.get("lxml")
    assert found is None or found.__file__
