"""A module as a package of SCORM 1.2 (ADL, 2001), for other learning systems: one SCO, everything it needs inside."""

from app.interop.scorm.package import Module, manifest, package

__all__ = ["Module", "manifest", "package"]
