"""A module to begin with: it passes the check, and shows where things go."""

from __future__ import annotations

import json
from datetime import date

TEMPLATE = """\
---
key: {key}
title: {title}
edition: 1
summary: What a carer can do after this module.
minutes: 5
criteria: []
pass: 80
valid_for_months: 12
checked_by:
check_again: {check_again}
licence: CC-BY-4.0
sources: []
pocket: "One short line to keep."
---

## Look before you help

Begin with a real moment: a door, a kettle, a person. Say what you see and hear.

Then give the one thing to know. Use short words and short sentences. Say "you" and "we".

- One step on each line.
- The first thing to do comes first.

Follow the care plan. If you are unsure, ask the office. Change these words to your own, 60 to 100 of them.

### Question: Mrs Begum's plan says one thing and she asks for another. What do you do first?

Id: plan-or-wish

**Pick one.**

- [ ] Do what the plan says, as it was agreed with her family
  > The plan matters. But it is her day, and her wishes may have changed.
- [x] Listen to what she wants, and ask the office if it is safe to change
  > Yes. You hear her, and you check before you act.
- [ ] Do what she asks at once, so that nobody is upset
  > It is kind. But a step in the plan may be there to keep her safe.

> Why it matters: a care plan and a person belong together. When they differ, say so.
"""


def starter(key: str, title: str, today: date) -> str:
    """Return the text of a new module. `title` may be empty; the facts are to be checked again in a year."""
    title = " ".join(title.split()) or key.replace("-", " ").capitalize()
    again = today.replace(year=today.year + 1, day=min(today.day, 28))
    # JSON's quotes are YAML's: a colon or a quotation mark in a title stays a title.
    return TEMPLATE.format(key=key, title=json.dumps(title, ensure_ascii=False), check_again=again.isoformat())
