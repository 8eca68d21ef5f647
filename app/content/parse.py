"""`module.md` → Module. Whatever the text, a Module comes back, and every mistake is a Problem with its line."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from app.content.asc_wds import CATEGORIES, NO_MODULE
from app.content.frontmatter import Fields, Front, split
from app.content.items import Lines
from app.content.problems import Problems, closest, slug
from app.content.questions import read_question
from app.content.scenes import Part, read_scene, story
from app.content.source import normalise
from app.content.types import Lesson, Module, Question, Words

HEADING = re.compile(r"(#{1,6})(?:[ \t]+(.*?))?(?:[ \t]+#+)?[ \t]*$")
EASIER = "easier words"
MARKED = re.compile(r"(Question|Scene)\b[ \t]*[0-9]*[ \t]*[:.]?[ \t]*(.*)$", re.IGNORECASE)


@dataclass(slots=True)
class _Section:
    """A heading and the lines below it. `kind` is lesson, easier, question, scene or before (the first heading)."""

    kind: str
    title: str
    line: int
    lines: Lines = field(default_factory=list)

    @property
    def heading(self) -> Words:
        return Words(text=self.title, line=self.line)


def parse(raw: bytes | str, problems: Problems) -> Module:
    """Read a module. `problems` receives every mistake; nothing is raised, whatever `raw` holds."""
    text = normalise(raw, problems)
    front = split(text, problems)
    lessons = _lessons(_sections(front, problems), problems)
    return _module(text, front, lessons, problems)


def _sections(front: Front, problems: Problems) -> list[_Section]:
    sections = [_Section(kind="before", title="", line=front.body_line)]
    for number, line in enumerate(front.body.split("\n"), front.body_line):
        found = HEADING.match(line) if line.startswith("#") else None
        if not found:
            sections[-1].lines.append((number, line))
            continue
        level, title = len(found[1]), (found[2] or "").strip()
        marked = MARKED.match(title)
        if marked:
            if level != 3:
                problems.error(
                    number, "heading-level", f"A {marked[1].lower()} has three #.", f"Write ### {title[:60]}"
                )
            sections.append(_Section(kind=marked[1].lower(), title=marked[2].strip(), line=number))
        elif level == 2:
            sections.append(_Section(kind="lesson", title=title, line=number))
        else:
            _other_heading(sections, number, line, level, title, problems)
    return sections


def _other_heading(
    sections: list[_Section], number: int, line: str, level: int, title: str, problems: Problems
) -> None:
    before_colon = title.split(":")[0]
    near = closest(before_colon, ("Question", "Scene"), cutoff=0.7) if ":" in title else ""
    if level == 1:
        problems.error(number, "heading-level", "A lesson's heading has two #.", f"Write ## {title[:60]}")
        sections.append(_Section(kind="lesson", title=title, line=number))
    elif near:
        rest = title.partition(":")[2].strip()
        problems.error(
            number, "heading-unknown", f'"{before_colon[:40]}:" starts nothing we know.', f'Did you mean "### {near}:"?'
        )
        sections.append(_Section(kind=near.lower(), title=rest, line=number))
    elif sections[-1].kind in ("question", "scene", "easier"):
        problems.error(
            number,
            "heading-place",
            "A heading inside a lesson stands above its easier words and its questions.",
            "Move it up, or start a new lesson with ##",
        )
    elif title.casefold() == EASIER and sections[-1].kind == "lesson":
        sections.append(_Section(kind="easier", title=title, line=number))
    else:
        sections[-1].lines.append((number, line))


def _lessons(sections: list[_Section], problems: Problems) -> tuple[Lesson, ...]:
    outside = next((number for number, text in sections[0].lines if text.strip()), None)
    if outside is not None:
        problems.error(
            outside,
            "text-before-lesson",
            "Text stands before the first lesson.",
            "Put a heading above it: ## Its title",
        )
    groups: list[tuple[_Section, list[_Section]]] = []
    for section in sections[1:]:
        if section.kind == "lesson":
            groups.append((section, []))
        elif groups:
            groups[-1][1].append(section)
        else:
            problems.error(
                section.line,
                "text-before-lesson",
                "A question stands before the first lesson.",
                "Put a ## heading above it.",
            )
            groups.append((_Section(kind="lesson", title="", line=section.line), [section]))
    if not groups:
        last = sections[0].line
        problems.error(last, "no-lesson", "There is no lesson here.", "Start one with ## and its title.")
    taken: dict[str, int] = {}
    return tuple(_lesson(head, inside, taken, problems) for head, inside in groups)


def _lesson(head: _Section, inside: list[_Section], taken: dict[str, int], problems: Problems) -> Lesson:
    key = slug(head.title)
    if not head.title:
        problems.error(head.line, "title-empty", "This lesson has no title.", "Write it after ##")
    elif key in taken:
        problems.error(
            head.line, "lesson-twice", f"Line {taken[key]} has a lesson of the same title.", "Give one another title."
        )
    taken.setdefault(key, head.line)
    body = _written(head)
    if body is None:
        problems.error(
            head.line, "lesson-empty", "This lesson has no text.", "Write 60 to 100 words below its heading."
        )
    easier = next((section for section in inside if section.kind == "easier"), None)
    if easier and _written(easier) is None:
        problems.error(easier.line, "easier-empty", "The easier words are missing.", "Write them below this heading.")
    return Lesson(
        id=key or f"lesson-{len(taken)}",
        title=head.heading,
        body=body or Words(text="", line=head.line),
        easier=_written(easier) if easier else None,
        questions=_questions([section for section in inside if section is not easier], problems),
    )


def _written(section: _Section) -> Words | None:
    """Return the text below a heading without the empty lines around it, or None when there is none."""
    written = [n for n, (_, text) in enumerate(section.lines) if text.strip()]
    if not written:
        return None
    first, last = written[0], written[-1]
    return Words(text="\n".join(text for _, text in section.lines[first : last + 1]), line=section.lines[first][0])


def _questions(inside: list[_Section], problems: Problems) -> tuple[Question, ...]:
    questions: list[Question] = []
    parts: list[Part] = []

    def close_story() -> None:
        if parts:
            questions.append(story(parts, problems))
            parts.clear()

    for section in inside:
        if section.kind == "scene":
            part = read_scene(section.heading, section.line, section.lines, problems)
            if "id" in part.labels:  # a scene with an Id begins a story of its own
                close_story()
            parts.append(part)
        else:
            close_story()
            questions.append(read_question(section.heading, section.line, section.lines, problems))
    close_story()
    return tuple(questions)


def _module(text: str, front: Front, lessons: tuple[Lesson, ...], problems: Problems) -> Module:
    fields = Fields(front, problems)
    if front.values or front.lines:
        fields.required()
    edition = fields.number("edition") or 1
    if edition > 1 and not fields.text("change"):
        problems.error(
            fields.line("edition"), "change-missing", "Say what this edition asks of people who did the last one.",
            'Add "change: minor" (it still counts) or "change: major" (take it again).',
        )  # fmt: skip
    checked_by, pocket = fields.text("checked_by"), fields.text("pocket")
    return Module(
        text=text,
        key=fields.matching("key", ""),
        title=fields.text("title"),
        edition=edition,
        change=fields.one_of("change", "major"),
        summary=fields.text("summary"),
        minutes=fields.number("minutes") or 5,
        criteria=fields.listed("criteria"),
        credits=tuple(item.value for item in fields.listed("credits")),
        asc_wds=fields.codes("asc_wds", CATEGORIES.keys() - NO_MODULE),
        pass_mark=fields.number("pass"),
        valid_for_months=fields.number("valid_for_months"),
        checked_by=checked_by or None,
        check_again=fields.day("check_again"),
        licence=fields.text("licence"),
        sources=tuple(item.value for item in fields.listed("sources")),
        pocket=pocket or None,
        lang=fields.matching("lang", "en"),
        accept=fields.reasons("accept"),
        lines=front.lines,
        lessons=lessons,
        front_lines=front.body_line - 1,
    )
