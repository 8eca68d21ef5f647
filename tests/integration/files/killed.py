"""Hands in a certificate and is killed when all is done but the commit. Run by test_keeping as a program of its own."""

import os
import signal
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[3]))

from sqlalchemy import event
from sqlalchemy.orm import Session

from app import create_app, providers
from app.extensions import db
from tests.integration.files.conftest import Office

with create_app().app_context():
    provider_id, person_id = map(int, os.environ["KILLED_WHO"].split())
    session = db.session()
    provider = providers.find_provider(session, provider_id)
    person = providers.find_member(session, provider_id, person_id)
    assert provider is not None
    assert person is not None
    Office(session, provider, person).hand_in()
    event.listen(Session, "before_commit", lambda _: os.kill(os.getpid(), signal.SIGKILL))
    session.commit()
