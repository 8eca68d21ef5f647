"""Moodle's XML of questions, read by a parser that follows no entity and fetches nothing."""

from __future__ import annotations

import base64
import binascii
import re
from xml.etree.ElementTree import Element, ParseError

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import fromstring

from app.content.imports.html_words import markdown_of_html
from app.content.imports.pictures import Pictures
from app.content.imports.pieces import (
    MOST_QUESTIONS,
    Imported,
    ImportRefused,
    Leavings,
    Section,
    made,
    option,
)
from app.content.imports.write import escaped, escaped_block, module_text, no_headings
from app.content.types import Kind, Pair, Question, Words

LARGEST = 20_000_000
_PLUGIN = "@@PLUGINFILE@@/"
_OTHER_KINDS = {
    "shortanswer": "It asks for a word to be typed. Phones spell for people, so there is no such kind here.",
    "numerical": "It asks for a number. There is no such kind of question here.",
    "calculated": "It asks for a number. There is no such kind of question here.",
    "cloze": "It has gaps in a text. Make a question of each gap.",
    "gapselect": "It has gaps in a text. Make a question of each gap.",
}


def import_moodle(raw: bytes, *, key: str = "imported", title: str = "") -> Imported:
    """Read a file of Moodle XML. Raises ImportRefused when it is not one, or holds nothing we know."""
    root = _root(raw)
    left = Leavings()
    pictures = Pictures(left)
    sections = [Section(title="Questions")]
    for number, element in enumerate(root.findall("question"), 1):
        if number > MOST_QUESTIONS:
            left.add(f"question {number}", "The rest", f"A file gives {MOST_QUESTIONS} questions at most. Split it.")
            break
        place = f"question {number}"
        if element.get("type") == "category":
            path = element.findtext("category/text") or ""
            sections.append(Section(title=path.split("/")[-1].strip() or "Questions"))
            continue
        _take(element, place, sections[-1], pictures, left)
    sections = [section for section in sections if section.body or section.questions]
    if not sections:
        raise ImportRefused("No question was found that can be asked here.", field="file")
    return Imported(text=module_text(sections, key=key, title=title), media=dict(pictures.files), dropped=left.all())


def _root(raw: bytes) -> Element:
    if len(raw) > LARGEST:
        raise ImportRefused(f"The file is larger than {LARGEST // 1_000_000} MB. Split it.", field="file")
    try:
        root: Element = fromstring(raw, forbid_dtd=True, forbid_entities=True, forbid_external=True)
    except DefusedXmlException:
        raise ImportRefused("The file defines entities, which is never needed and can do harm.", field="file") from None
    except (ParseError, ValueError, LookupError, RecursionError):
        raise ImportRefused("The file cannot be read as XML. Export it from Moodle again.", field="file") from None
    if root.tag != "quiz":
        raise ImportRefused("This is not Moodle XML: it does not begin with <quiz>.", field="file")
    return root


def _take(element: Element, place: str, section: Section, pictures: Pictures, left: Leavings) -> None:
    """Put one question, or the text of a description, into the section."""
    kind = element.get("type") or ""
    name = (element.findtext("name/text") or "").strip()
    asked = element.find("questiontext")
    prompt, shown = _asked(asked, place, pictures, left)
    if kind == "description":
        section.body.append(no_headings("\n\n".join([prompt, *shown])))
        return
    labels = {"id": element.findtext("idnumber") or name} if element.findtext("idnumber") or name else {}
    # A question that shows a picture is asked below a lesson that shows it.
    try:
        question = _question(element, kind, prompt or escaped(name), labels, place, left)
    except _NotOurs as why:
        left.add(place, name or prompt, str(why))
        return
    section.body += shown
    section.questions.append(question)
    for hint in element.findall("hint")[1:]:
        left.add(place, _text(hint, place, left), "A question has one hint.")


class _NotOurs(Exception):
    """A question that our format has no kind for."""


def _asked(element: Element | None, place: str, pictures: Pictures, left: Leavings) -> tuple[str, list[str]]:
    """Return the words of a question and, apart, the pictures in them."""
    if element is None:
        return "", []
    files = {file.get("name") or "": file.text or "" for file in element.findall("file")}
    shown: list[str] = []

    def take(source: str, alt: str, here: str) -> str:
        name = source.removeprefix(_PLUGIN)
        try:
            body = base64.b64decode(files[name], validate=False) if name in files else b""
        except (binascii.Error, ValueError):
            body = b""
        found = pictures.take(name, body, alt, here)
        if found:
            shown.append(found)
        return ""

    form = element.get("format") or "html"
    text = element.findtext("text") or ""
    if form == "html" or (form == "moodle_auto_format" and "<" in text):
        return markdown_of_html(text, left, place, take), shown
    return (text.strip() if form == "markdown" else escaped_block(text)), shown


def _text(element: Element | None, place: str, left: Leavings) -> str:
    """Return an answer's or a feedback's words as Markdown."""
    if element is None:
        return ""
    form = element.get("format") or "html"
    text = element.findtext("text") or ""
    if form == "html" or (form == "moodle_auto_format" and "<" in text):
        return markdown_of_html(text, left, place)
    return text.strip() if form == "markdown" else escaped_block(text)


def _question(element: Element, kind: str, prompt: str, labels: dict[str, str], place: str, left: Leavings) -> Question:
    line = int(place.removeprefix("question "))
    explain = _text(element.find("generalfeedback"), place, left)
    hint = element.find("hint")
    if hint is not None and (words := _text(hint, place, left)):
        labels = {**labels, "hint": words}
    answers = element.findall("answer")
    match kind:
        case "multichoice":
            return _choices(element, prompt, labels, explain, place, left)
        case "truefalse":
            options = tuple(
                option(
                    (answer.findtext("text") or "").strip().capitalize(),
                    line,
                    right=_worth(answer) > 0,
                    feedback=_text(answer.find("feedback"), place, left),
                )
                for answer in answers
            )
            return made(Kind.TRUEFALSE, prompt, line, labels=labels, explain=explain, options=options)
        case "matching":
            return made(Kind.MATCHING, prompt, line, labels=labels, explain=explain, pairs=_pairs(element, place, left))
        case "ordering":
            steps = tuple(_text(answer, place, left) for answer in answers)
            return made(Kind.ORDERING, prompt, line, labels=labels, explain=explain, items=steps)
        case "essay":
            model = _text(element.find("graderinfo"), place, left)
            labels = {name: value for name, value in labels.items() if name != "hint"} | {"shared with": "only me"}
            return made(Kind.REFLECTION, prompt, line, labels=labels, explain=model or explain, prompts=(prompt,))
        case _:
            raise _NotOurs(_OTHER_KINDS.get(kind) or f'Questions of the kind "{kind[:30]}" are not asked here.')


def _worth(answer: Element) -> float:
    found = re.fullmatch(r"\s*(-?[0-9]{1,3}(?:\.[0-9]{1,9})?)\s*", answer.get("fraction") or "")
    return float(found[1]) if found else 0.0


def _choices(
    element: Element, prompt: str, labels: dict[str, str], explain: str, place: str, left: Leavings
) -> Question:
    line = int(place.removeprefix("question "))
    answers = element.findall("answer")
    best = max((_worth(answer) for answer in answers), default=0)
    if best <= 0:
        raise _NotOurs("None of its answers is right.")
    single = (element.findtext("single") or "true").strip().lower() in ("true", "1")
    options = []
    for answer in answers:
        words, worth = _text(answer, place, left), _worth(answer)
        if single and 0 < worth < best:
            left.add(place, words, f"It counted as {worth:g} % right. Here an answer is right or wrong.")
        right = worth == best if single else worth > 0
        options.append(option(words, line, right=right, feedback=_text(answer.find("feedback"), place, left)))
    for name in ("correctfeedback", "partiallycorrectfeedback", "incorrectfeedback"):
        said = _text(element.find(name), place, left)
        if said and not said.startswith("Your answer is"):
            left.add(place, said, "Feedback stands under each answer here, or below the whole question.")
    one = single and sum(each.right for each in options) == 1
    kind = Kind.SINGLE if one else Kind.MULTIPLE
    return made(kind, prompt, line, labels=labels, explain=explain, options=tuple(options))


def _pairs(element: Element, place: str, left: Leavings) -> tuple[Pair, ...]:
    line = int(place.removeprefix("question "))
    pairs = []
    for each in element.findall("subquestion"):
        first, second = _text(each, place, left), escaped((each.findtext("answer/text") or "").strip())
        if second:
            pairs.append(
                Pair(left=Words(text=first, line=line) if first else None, right=Words(text=second, line=line))
            )
    return tuple(pairs)
