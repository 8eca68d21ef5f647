"""What a visit costs and what the server takes in. Speed is measured here and never in a timed test."""

import os

# A server has what Python compiled (deploy/install.sh). Many images ask it to compile all anew at each start.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
