"""Pieces to begin with: one of each kind of question, and what else a module may hold. A test checks each of them.

The desk gives `Id: new-question` an id of its own where scripts run; elsewhere the check asks for another one when two
are alike.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """A few lines to write over, and what they are called."""

    name: str
    text: str


QUESTIONS = (
    Piece(
        name="Pick one",
        text="""\
### Question: What do you do first?

Id: new-question

**Pick one.**

- [x] The right answer
  > Yes. Say why.
- [ ] What people are tempted to do
  > Say what could happen.
- [ ] Another thing people do
  > Say what could happen.

> Why it matters: one sentence.
""",
    ),
    Piece(
        name="Pick all that apply",
        text="""\
### Question: What would you look for?

Id: new-question

**Pick all that apply.**

- [x] One right answer
  > Yes. Say why.
- [x] Another right answer
  > Yes. Say why.
- [ ] Something that does not belong
  > Say why not.

> Why it matters: one sentence.
""",
    ),
    Piece(
        name="True or false",
        text="""\
### Question: Say something that is true, or is not

Id: new-question

**True or false?**

- [x] True
  > Yes. Say why.
- [ ] False
  > Say what is so.

> Why it matters: one sentence.
""",
    ),
    Piece(
        name="Put in order",
        text="""\
### Question: What comes first?

Id: new-question

**Put these in order.**

1. The first thing to do
2. The second
3. The third

> Why it matters: one sentence.
""",
    ),
    Piece(
        name="Match the pairs",
        text="""\
### Question: What goes with what?

Id: new-question

**Match the pairs.**

| What you see | What it may mean |
|---|---|
| One thing | What goes with it |
| Another thing | What goes with that |
| | A spare answer |

> Why it matters: one sentence.
""",
    ),
    Piece(
        name="In your own words",
        text="""\
### Question: What would you do on your round?

Id: new-question
Shared with: assessor

**In your own words.**

- Think of a visit of your own.
- What would you do next time?

> One way to think about it: one or two sentences.
""",
    ),
    Piece(
        name="A story: what next?",
        text="""\
### Scene: You come to the door

Id: new-question

Say what the carer sees and hears.

**What next?**

- [Knock, and say who you are](#scene-you-are-let-in)
  > Say what this leads to.
- [Go in at once](#scene-she-is-startled)
  > Say what this leads to.

### Scene: You are let in

Say how it goes on.

**Ending: good**

> Say what made it go well.

### Scene: She is startled

Say how it goes on.

**Ending: try again**

> Say what would have been better.
""",
    ),
)
OTHERS = (
    Piece(
        name="A new lesson",
        text="""\
## Give this lesson a name

Begin with a real moment. Then give the one thing to know, in 60 to 100 words.
""",
    ),
    Piece(
        name="A warning box",
        text="""\
> [!WARNING]
> Not breathing? Call 999 now.
""",
    ),
    Piece(
        name="Easier words",
        text="""\
### Easier words

Say the same once more. Use short words.
""",
    ),
)
