"""Joining."""

from flask import Blueprint

bp = Blueprint("join", __name__)
