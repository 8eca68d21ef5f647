# ruff: noqa: E501  (tables of examples read better unbroken)
"""Every mistake is explained at its line, in words. `¶` marks the line a problem has to name; it is taken out first."""

from __future__ import annotations

import pytest

from app.content import Severity
from app.content.codes import CODES
from tests.support.content import checked, example

LONG = "one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen twenty more"
ERROR, WARNING, NOTE = Severity.ERROR, Severity.WARNING, Severity.NOTE
HEAVY = "Additional considerations necessitate comprehensive individual documentation immediately. "

# code, severity, words the problem says, what to replace, by what
CASES: list[tuple[str, Severity, str, str, str]] = [
    ("front-missing", ERROR, 'starts with a line "---"', "---\nkey", "¶\nkey"),
    ("front-missing", ERROR, "have no end", "¶---", ""),
    ("front-unreadable", ERROR, "cannot be read", "title: On the stairs", "¶title: [On the stairs"),
    ("field-missing", ERROR, '"summary" is missing', "---\nkey: on-the-stairs\ntitle: On the stairs\nedition: 1\nsummary: What to do when somebody stops half way up.", "¶---\nkey: on-the-stairs\ntitle: On the stairs\nedition: 1"),
    ("field-missing", ERROR, 'Add "title: …"', "title: On the stairs", "¶title:"),
    ("field-unknown", ERROR, 'Did you mean "summary"?', "minutes: 5", "minutes: 5\n¶sumary: x"),
    ("field-twice", ERROR, '"minutes" stands here twice', "minutes: 5", "minutes: 5\n¶minutes: 6"),
    ("field-wrong", ERROR, "whole number from 1 to 60", "minutes: 5", "¶minutes: five"),
    ("field-wrong", ERROR, "whole number from 0 to 100", "pass: 80", "¶pass: 180"),
    ("field-wrong", ERROR, "year-month-day", "check_again: 2027-06-01", "¶check_again: 2027-02-30"),
    ("field-wrong", ERROR, "Write a list", 'criteria: ["13.1a", "13.1b"]', "¶criteria: 13.1a, 13.1b"),
    ("field-wrong", ERROR, 'Did you mean "major"?', "edition: 1", "edition: 2\n¶change: majer"),
    ("field-wrong", ERROR, "lower-case words with hyphens", "key: on-the-stairs", "¶key: On The Stairs"),
    ("change-missing", ERROR, "change: minor", "edition: 1", "¶edition: 2"),
    ("key-folder", ERROR, 'the folder is "on-the-stairs"', "key: on-the-stairs", "¶key: on-the-stair"),
    ("check-again-past", ERROR, "2026-11-21", "check_again: 2027-06-01", "¶check_again: 2026-11-21"),
    ("check-again-missing", WARNING, "check_again: year-month-day", "¶---\nkey", "---\nkey"),
    ("sources-missing", WARNING, "No sources", 'sources:\n  - "https://www.hse.gov.uk/"', "¶sources: []"),
    ("too-large", ERROR, "limit is 60 kB", "---\nkey", "¶---\nkey"),
    ("accept-wrong", ERROR, 'Did you mean "reading-level"?', "minutes: 5", "minutes: 5\n¶accept: {reading-levle: hard words}"),
    ("accept-wrong", ERROR, "Say why", "minutes: 5", "minutes: 5\n¶accept: {sentence-long: ok}"),
    ("accept-unused", NOTE, "does not happen any more", "minutes: 5", "minutes: 5\n¶accept: {sentence-long: a poem it is}"),
    ("no-lesson", ERROR, "no lesson", "EVERYTHING", "¶"),
    ("no-question", ERROR, "nothing to mark", "pass: 80", "¶pass: 80"),
    ("text-before-lesson", ERROR, "before the first lesson", "## Half way up", "¶Hello\n\n## Half way up"),
    ("title-empty", ERROR, "no title", "## Half way up", "¶##"),
    ("lesson-twice", ERROR, "Line 17 has a lesson", "## The neighbour calls", "¶## Half way up"),
    ("lesson-empty", ERROR, "no text", "## The neighbour calls", "¶## Empty\n\n## The neighbour calls"),
    ("lesson-long", WARNING, "words", "## Half way up\n", "¶## Half way up\n\n" + "We go up. " * 40 + "\n"),
    ("lesson-short", NOTE, "has only 6 words", "## The neighbour calls", "¶## Short\n\nA few words and no more.\n\n## The neighbour calls"),
    ("heading-level", ERROR, "has two #", "## Half way up", "¶# Half way up"),
    ("heading-level", ERROR, "has three #", "### Question: What makes", "¶#### Question: What makes"),
    ("heading-unknown", ERROR, 'Did you mean "### Question:"?', "### Question: What makes", "¶### Qestion: What makes"),
    ("easier-empty", ERROR, "easier words are missing", "### Question: Mr Okafor stops", "¶### Easier words\n\n### Question: Mr Okafor stops"),
    ("easier-long", WARNING, "has 13 words", "### Question: Mr Okafor stops", "### Easier words\n\n¶Stop with him and stay until he says that he can go on.\n\n### Question: Mr Okafor stops"),
    ("heading-place", ERROR, "and its questions", "### Question: What makes", "¶### More to know\n\n### Question: What makes"),
    ("raw-html", ERROR, '"<b>below', "Stand **below** him", "¶Stand <b>below</b> him"),
    ("code-block", ERROR, "Code blocks", "| Sign | What", "¶```\nx\n```\n\n| Sign | What"),
    ("reference-link", ERROR, "right behind its words", "Read more on the", "¶[HSE]: https://www.hse.gov.uk/\n\nRead more on the"),
    ("link-not-https", ERROR, "Try https://www.hse.gov.uk/slips/", "Read more on the [HSE pages](https:", "¶Read more on the [HSE pages](http:"),
    ("link-not-https", ERROR, "not an https address", "(https://www.hse.gov.uk/slips/)", "(../other/module.md)¶"),
    ("alert-unknown", ERROR, 'Did you mean "[!WARNING]"?', "> [!WARNING]", "¶> [!WARNNING]"),
    ("alt-missing", ERROR, "what it teaches", "![Six stairs with a rail on the wall side]", "¶![]"),
    ("picture-address", ERROR, "not a file beside", "(stairs.svg)", "(https://evil.example/x.svg)¶"),
    ("file-missing", ERROR, 'Did you mean "stairs.svg"?', "(stairs.svg)", "(stair.svg)¶"),
    ("file-unused", WARNING, '"stairs.svg" is not used', "![Six stairs with a rail on the wall side](stairs.svg)", ""),
    ("prompt-empty", ERROR, "asks nothing", "### Question: What makes stairs safer?", "¶### Question:"),
    ("bold-missing", ERROR, 'Add a line "**Pick all that apply.**"', "### Question: What makes stairs safer?\n\nId: safer-stairs\nCriteria: 13.1b\n\n**Pick all that apply.**", "¶### Question: What makes stairs safer?\n\nId: safer-stairs\nCriteria: 13.1b"),
    ("bold-unknown", ERROR, 'Did you mean "**Pick all that apply.**"?', "**Pick all that apply.**", "¶**Pick all which apply.**"),
    ("bold-unknown", ERROR, "belongs under a scene", "**Pick one.**", "¶**What next?**"),
    ("label-unknown", ERROR, 'Did you mean "Criteria:"?', "Criteria: 13.1a\nMust", "¶Outcome: 13.1a\nMust"),
    ("label-unknown", ERROR, 'Did you mean "Must get right:"?', "Must get right: yes", "¶Must be right: yes"),
    ("label-twice", ERROR, "stands here twice", "Must get right: yes", "Must get right: yes\n¶Must get right: no"),
    ("label-value", ERROR, "Write yes or no", "Must get right: yes", "¶Must get right: always"),
    ("label-value", ERROR, 'Did you mean "only me"?', "Shared with: only me", "¶Shared with: only my"),
    ("label-value", ERROR, "is empty", "Hint: Think of where you stand.", "¶Hint:"),
    ("label-place", ERROR, "never marked", "Shared with: only me", "Shared with: only me\n¶Must get right: yes"),
    ("label-place", ERROR, "shows its words at once", "Id: pair-of-hands", "Id: pair-of-hands\n¶Feedback: after-sync"),
    ("label-place", ERROR, "Only words of their own", "Id: safer-stairs", "Id: safer-stairs\n¶Shared with: assessor"),
    ("label-place", ERROR, "under the first scene", "### Scene: A tug\n", "### Scene: A tug\n\n¶Must get right: yes\n"),
    ("id-missing", ERROR, 'Add a line "Id: what-makes-stairs-safer"', "### Question: What makes stairs safer?\n\nId: safer-stairs", "¶### Question: What makes stairs safer?\n"),
    ("id-form", ERROR, "Write Id: safer-stairs", "Id: safer-stairs", "¶Id: Safer Stairs"),
    ("id-twice", ERROR, "has the Id", "Id: safer-stairs", "¶Id: stops-first"),
    ("shared-missing", ERROR, "who will read", "### Question: When did you last feel rushed?\n\nId: felt-rushed\nShared with: only me", "¶### Question: When did you last feel rushed?\n\nId: felt-rushed"),
    ("stray-text", ERROR, "belongs to no answer", "> First be safe, then talk.", "> First be safe, then talk.\n\n¶And one more thing"),
    ("stray-text", ERROR, "belongs to no answer", "**Pick all that apply.**", "¶He has bad knees.\n\n**Pick all that apply.**"),
    ("box-missing", ERROR, "no box", "- [ ] A small rug", "¶- A small rug"),
    ("box-wrong", ERROR, "Put a space or an x in the box", "- [ ] A small rug", "¶- [] A small rug"),
    ("box-wrong", ERROR, "Put a space or an x in the box", "- [ ] A small rug", "¶- [y] A small rug"),
    ("answer-empty", ERROR, "no words", "- [ ] A small rug on the landing", "¶- [ ]"),
    ("answer-count", ERROR, "There are 1 answers", "### Question: You stand above a person who climbs.\n\nId: stand-above\nPractise: yes\n\n**True or false?**\n\n- [ ] True\n  > From above you cannot steady anyone.", "¶### Question: You stand above a person who climbs.\n\nId: stand-above\n\n**Pick one.**"),
    ("answer-twice", ERROR, "the same answer", "- [x] A rail he can grip", "¶- [x] A light that works"),
    ("right-count", ERROR, "2 answers have an x", "- [ ] Go and look", "¶- [x] Go and look"),
    ("right-count", ERROR, "0 answers have an x", "### Question: Mr Okafor stops", "¶### Question: Mr Okafor stops"),
    ("true-false", ERROR, "these two answers only", "### Question: You stand above a person who climbs.", "¶### Question: You stand above a person who climbs."),
    ("list-kind", ERROR, "numbered list", "2. Ask\n3. Rest", "¶- Ask\n3. Rest"),
    ("list-kind", ERROR, "plain list", "- What happened?", "¶- [ ] What happened?"),
    ("step-count", ERROR, "There are 2 steps", "### Question: Put the stop in order.", "¶### Question: Put the stop in order."),
    ("prompt-count", ERROR, "nothing to think about", "### Question: When did you last feel rushed?", "¶### Question: When did you last feel rushed?"),
    ("quote-place", ERROR, "no feedback on a single line", "2. Ask\n3. Rest", "2. Ask\n¶   > Good.\n3. Rest"),
    ("quote-place", ERROR, "closes the whole story", "### Scene: He rests", "¶> Loose.\n\n### Scene: He rests"),
    ("table-heading", ERROR, "no heading row", "| You see | You think |\n|---|---|\n| Grey", "¶| Grey"),
    ("table-cells", ERROR, "two cells", "| Loose rail | Report it |", "¶| Loose rail | Report it | Now |"),
    ("pair-twice", ERROR, "in this table twice", "| | Call the plumber |", "¶| | Report it |"),
    ("pair-count", ERROR, "There are 1 pairs", "### Question: Match what you see.", "¶### Question: Match what you see."),
    ("choice-link", ERROR, "link to another scene", "- [Pull too](#scene-down-they-go)", "¶- Pull too"),
    ("choice-count", ERROR, "has 1 choices", "### Scene: A tug", "¶### Scene: A tug"),
    ("ending-unknown", ERROR, "Did you mean", "**Ending: safe but late**", "¶**Ending: safe and late**"),
    ("scene-unknown", ERROR, 'Did you mean "#scene-down-they-go"?', "(#scene-down-they-go)", "(#scene-down-they-went)¶"),
    ("scene-unreached", ERROR, "No choice leads", "### Scene: Down they go", "¶### Scene: Down they go"),
    ("scene-twice", ERROR, "Two scenes are called", "### Scene: Down they go", "¶### Scene: A tug"),
    ("scene-ends-nowhere", ERROR, "no way on", "### Scene: Down they go", "¶### Scene: Down they go"),
    ("scene-loop", ERROR, "never ends", "### Scene: A tug", "¶### Scene: A tug"),
    ("no-good-ending", ERROR, "no good ending", "### Scene: A pair of hands", "¶### Scene: A pair of hands"),
    ("criterion-unknown", ERROR, 'Did you mean "13.1c"?', "Criteria: 13.1a\nMust", "¶Criteria: 13.1z\nMust"),
    ("criterion-not-checked", WARNING, "No question checks 13.1c", 'criteria: ["13.1a", "13.1b"]', '¶criteria: ["13.1a", "13.1b", "13.1c"]'),
    ("criterion-not-taught", WARNING, "do not list 13.2a", "Criteria: 13.1a\nMust", "¶Criteria: 13.1a, 13.2a\nMust"),
    ("feedback-missing", WARNING, 'Add a line starting "  >"', "- [ ] A small rug on the landing\n  > Rugs slip.", "¶- [ ] A small rug on the landing"),
    ("feedback-missing", WARNING, "Say why", "  > Now he has no say at all.", ""),
    ("sentence-long", WARNING, "has 21 words", "He rests for two minutes and climbs on.", f"¶{LONG}."),
    ("all-of-the-above", WARNING, "test reading", "A small rug on the landing", "All of the above¶"),
    ("double-negative", WARNING, "Two negatives", "### Question: What makes stairs safer?", "¶### Question: Which is not something you should never do?"),
    ("longest-right", WARNING, "always the longest", "### Question: Mr Okafor stops", "¶### Question: Mr Okafor stops"),
    ("term-unexplained", WARNING, '"dysphagia" has no entry', "She wants to help, and she is quick.", "She has dysphagia.¶"),
    ("term-unexplained", WARNING, '"grab stick" has no entry', "She wants to help, and she is quick.", "She has a ***grab stick***.¶"),
    ("reading-level", ERROR, "Long words: ", "title: On the stairs", "¶title: On the stairs"),
    ("look-alike", WARNING, 'the "\u043e" is cyrillic small letter o', "Wait for the answer.", "¶Wait f\u043er the answer."),
    ("hidden-character", ERROR, "U+200B", "**Pick one.**", "¶**Pick\u200b one.**"),
    ("hidden-character", ERROR, "U+202E", "Wait for the answer.", "¶Wait for\u202e the answer."),
]  # fmt: skip
# What else has to change in the example for the mistake to be there.
ALSO: dict[str, list[tuple[str, str]]] = {
    "check-again-missing": [("check_again: 2027-06-01\n", "")],
    "too-large": [("She wants to help, and she is quick.", "It is a stair. " * 5000)],
    "right-count 0": [("- [x] Ask him", "- [ ] Ask him")],
    "true-false": [("- [x] False", "- [x] Wrong")],
    "step-count": [("3. Rest\n4. Go on, if he wants to\n", "")],
    "prompt-count": [("- What happened?\n- What would you change?\n", "")],
    "pair-count": [("| Loose rail | Report it |\n", "")],
    "choice-count": [("- [Pull too](#scene-down-they-go)\n  > Now he has no say at all.\n", "")],
    "scene-unreached": [("(#scene-down-they-go)", "(#scene-he-rests)")],
    "scene-ends-nowhere": [("\n**Ending: try again**\n", "")],
    "scene-loop": [("(#scene-late-but-safe)", "(#scene-a-tug)"), ("(#scene-down-they-go)", "(#scene-a-tug)")],
    "no-good-ending": [("**Ending: good**", "**Ending: try again**")],
    "longest-right": [
        ("- [x] Ask him how he feels", "- [x] Ask him how he feels, wait for the answer, and look at his face"),
        ("## The neighbour calls", "### Question: And then?\n\nId: and-then\n\n**Pick one.**\n\n- [x] Stay by his side and tell the office\n"
         "  > Yes.\n- [ ] Go home\n  > No.\n\n## The neighbour calls"),
    ],
    "reading-level": [("He is shaken, but on his feet.", HEAVY * 90)],
}  # fmt: skip


def broken(code: str, words: str, old: str, new: str) -> str:
    text = example()
    if old == "EVERYTHING":
        return text.split("## Half")[0] + new
    if code == "front-missing" and old == "¶---":
        return "¶" + text.replace("---\n## Half", "## Half")
    if code == "no-question":
        before, _, after = text.partition("### Question:")
        text = before + "## The neighbour calls" + after.partition("## The neighbour calls")[2].split("###")[0]
    if code == "check-again-missing":
        old = "---\nkey"
        new = "¶---\nkey"
    for this, that in ALSO.get(f"{code} {words[0]}", ALSO.get(code, [])):
        assert this in text, this
        text = text.replace(this, that, 1)
    if code == "file-unused":
        return "¶" + text.replace(old, new, 1)
    if "Say why" in words and code == "feedback-missing":
        return text.replace(old, new, 1).replace("- [Pull too]", "¶- [Pull too]")
    assert old in text, old
    return text.replace(old, new, 1)


@pytest.mark.parametrize(
    ("code", "severity", "words", "old", "new"), CASES, ids=[f"{case[0]}-{n}" for n, case in enumerate(CASES)]
)
def test_a_mistake_is_named_at_its_line(code: str, severity: Severity, words: str, old: str, new: str) -> None:
    marked = broken(code, words, old, new)
    line = marked[: marked.index("¶")].count("\n") + 1
    problems = checked(marked.replace("¶", ""), name="on-the-stairs").problems
    found = [
        problem for problem in problems if problem.code == code and words in f"{problem.message} {problem.suggestion}"
    ]
    assert [(problem.line, problem.severity) for problem in found] == [(line, severity)], problems


def test_the_example_itself_has_no_mistake() -> None:
    assert checked(example(), name="on-the-stairs").problems == ()


def test_a_file_that_is_not_utf8_is_named_at_its_line() -> None:
    problems = checked(example().encode().replace(b"Mr Okafor stops on", b"Mr Ok\xe1for stops on")).problems
    assert [(problem.code, problem.line) for problem in problems] == [("encoding", 19)]


def test_unsafe_and_mislabelled_media_are_named_where_they_are_used() -> None:
    unsafe = checked(
        example(), files={"stairs.svg": b"<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 1 1' onload='x'/>"}
    )
    assert [(problem.code, problem.line) for problem in unsafe.problems] == [("svg-unsafe", 21)]
    wrong = checked(example().replace("stairs.svg", "stairs.webp"), files={"stairs.webp": b"GIF89a"})
    assert [(problem.code, problem.line) for problem in wrong.problems] == [("media-wrong", 21)]


# tests/unit/content/test_library.py and test_hostile_files.py
LIBRARY_CODES = {"key-twice", "pack-missing", "topic-unknown", "data-wrong", "file-unreadable"}


def test_every_code_has_a_case() -> None:
    here = {case[0] for case in CASES} | {"encoding", "svg-unsafe", "media-wrong"}
    assert here | LIBRARY_CODES == set(CODES)
