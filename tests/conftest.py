"""What every test may ask for."""

from hypothesis import HealthCheck, settings

pytest_plugins = ["tests.support.database", "tests.support.app"]

# How fast inputs come depends on what else the machine does; how long a test takes is nobody's promise.
settings.register_profile("between-visits", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("between-visits")
