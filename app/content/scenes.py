"""`### Scene:` sections: the steps of one story, which together are one branching question."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from urllib.parse import unquote

from app.content.items import ITEM, QUOTE, Lines, quoted, read_list, stray
from app.content.problems import Problems, closest, did_you_mean, slug
from app.content.questions import BOLD, LABEL, LABELS, check_labels, normal, read_labels
from app.content.types import Choice, Kind, Label, Question, Scene, Words

ENDINGS = ("good", "safe but late", "try again")
_CHOICE = re.compile(r"\[(.+)\]\(\s*<?([^\s>)]*)>?\s*\)$")
_LINES = ("What next?", *(f"Ending: {ending}" for ending in ENDINGS))
MOST_CHOICES = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One scene as read, with the labels and the closing quote that may belong to the whole story."""

    scene: Scene
    labels: dict[str, Label]
    explain: Words | None
    last_line: int
    after: Words | None = None  # the quote that stands alone below the ending, before the closing one


def scene_key(title: str) -> str:
    """Return the key of the scene with this title: what a link to its heading says after the `#`."""
    return "scene-" + slug(title)


def read_scene(title: Words, line: int, lines: Lines, problems: Problems) -> Part:
    """Read one scene. What is wrong goes to `problems`."""
    if not slug(title.text):
        problems.error(line, "prompt-empty", "This scene has no title.", "Write it after ### Scene:")
    labels: dict[str, Label] = {}
    start = next((n for n, (_, text) in enumerate(lines) if text.strip() and not _is_label(text)), len(lines))
    read_labels([(n, text) for n, text in lines[:start] if text.strip()], problems, labels)
    rest = lines[start:]
    turn = next((n for n, (_, text) in enumerate(rest) if _is_turn(text)), None)
    choices: tuple[Choice, ...] = ()
    ending: str | None = None
    after: Words | None = None
    explain: Words | None = None
    story = rest
    if turn is None:
        story, choices, explain = _without_turn(line, rest, problems)
    else:
        story = rest[:turn]
        number, text = rest[turn]
        words = _bold(text)
        if normal(words) == "what next":
            choices, explain = _choices(line, rest[turn + 1 :], problems)
        else:
            ending = _ending(number, words, problems)
            after, explain = _closing(rest[turn + 1 :], problems)
    told = [n for n, (_, text) in enumerate(story) if text.strip()]
    scene = Scene(
        key=scene_key(title.text),
        title=title,
        story=Words(text="\n".join(t for _, t in story[told[0] : told[-1] + 1]), line=story[told[0]][0])
        if told
        else None,
        choices=choices,
        ending=ending,
        line=line,
    )
    last = next((number for number, text in reversed(lines) if text.strip()), line)
    return Part(scene=scene, labels=labels, explain=explain, last_line=last, after=after)


def _is_label(line: str) -> bool:
    """Only names near one of ours: a story may well begin `Mum: "Hello?"`."""
    found = LABEL.match(line)
    return bool(found and closest(found[1], LABELS, cutoff=0.75))


def _bold(line: str) -> str:
    found = BOLD.match(line)
    return found[2] if found else ""


def _is_turn(line: str) -> bool:
    words = normal(_bold(line))
    return bool(words) and (
        words.startswith(("ending", "what next")) or bool(closest(words, map(normal, _LINES), cutoff=0.75))
    )


def _ending(line: int, words: str, problems: Problems) -> str:
    said = normal(words)
    for ending in ENDINGS:
        if said == f"ending: {ending}":
            return ending
    hint = (
        did_you_mean(words, _LINES, "**{}**")
        or "Write **Ending: good**, **Ending: safe but late** or **Ending: try again**."
    )
    problems.error(line, "ending-unknown", f'"**{words[:40]}**" is not an ending we know.', hint)
    near = closest(words, _LINES, cutoff=0.4).removeprefix("Ending: ")
    return near if near in ENDINGS else "try again"


def _without_turn(heading: int, rest: Lines, problems: Problems) -> tuple[Lines, tuple[Choice, ...], Words | None]:
    first = next((n for n, (_, text) in enumerate(rest) if re.match(r"[ ]{0,3}[-*+][ \t]+\[.+\]\(#", text)), None)
    if first is None:
        problems.error(
            heading,
            "scene-ends-nowhere",
            "This scene has no way on and no ending.",
            'Add "**What next?**" and choices, or "**Ending: good**".',
        )
        return rest, (), None
    problems.error(
        rest[first][0], "bold-missing", "These choices have no bold line above them.", 'Add a line "**What next?**".'
    )
    choices, explain = _choices(heading, rest[first:], problems)
    return rest[:first], choices, explain


def _choices(heading: int, lines: Lines, problems: Problems) -> tuple[tuple[Choice, ...], Words | None]:
    found = read_list(lines, problems)
    choices = []
    for item in found.items:
        link = _CHOICE.match(item.words.text)
        target = unquote(link[2]) if link else ""
        if not link or not target.startswith("#"):
            problems.error(
                item.line,
                "choice-link",
                "A choice is a link to another scene.",
                "Write - [What she does](#scene-its-title)",
            )
        words = link[1] if link else item.words.text
        if not words.strip():
            problems.error(item.line, "answer-empty", "There are no words here.", "Write what the carer does.")
        choices.append(Choice(words=Words(text=words, line=item.line), to=slug(target), feedback=item.feedback))
    if not 2 <= len(choices) <= MOST_CHOICES:
        problems.error(
            heading,
            "choice-count",
            f"This scene has {len(choices)} choices.",
            f"Write 2 to {MOST_CHOICES}; 2 to 4 fit a phone.",
        )
    return tuple(choices), found.explain


def _closing(lines: Lines, problems: Problems) -> tuple[Words | None, Words | None]:
    """Return the last quote below an ending and, before it, the quotes above that one joined."""
    quotes: list[tuple[int, list[str]]] = []
    open_quote = False
    for number, text in lines:
        found = QUOTE.match(text)
        if found and open_quote:
            quotes[-1][1].append(found[2])
        elif found:
            quotes.append((number, [found[2]]))
        elif text.strip() and open_quote and not ITEM.match(text):
            quotes[-1][1].append(text.strip())
        elif text.strip():
            stray(problems, number, text)
        open_quote = bool(text.strip()) and bool(quotes)
    if not quotes:
        return None, None
    before = [line for _, quote in quotes[:-1] for line in (*quote, "")]
    return quoted(before, quotes[0][0]), quoted(quotes[-1][1], quotes[-1][0])


def story(parts: list[Part], problems: Problems) -> Question:
    """Join scenes that stand together into one question, and check that the story hangs together."""
    first, last = parts[0], parts[-1]
    for part in parts[1:]:
        for name, label in part.labels.items():
            problems.error(
                label.line, "label-place", f'"{name.capitalize()}:" belongs under the first scene.', "Move it there."
            )
    scenes = tuple(_with_own_words(part, part is last, problems) for part in parts)
    _check_graph(scenes, problems)
    question = Question(
        kind=Kind.BRANCHING,
        prompt=first.scene.title,
        line=first.scene.line,
        last_line=last.last_line,
        labels=first.labels,
        explain=last.explain,
        scenes=scenes,
    )
    check_labels(question, problems)
    return question


def _with_own_words(part: Part, is_last: bool, problems: Problems) -> Scene:
    """Give an ending the quotes below it. Only the very last quote of a story closes the whole of it."""
    own = [words for words in (part.after, None if is_last else part.explain) if words]
    if own and part.scene.choices:
        problems.error(
            own[0].line,
            "quote-place",
            "A quote that is not indented closes the whole story.",
            "Indent it under a choice, or move it below the last scene.",
        )
    if not own or not part.scene.ending:
        return part.scene
    return replace(part.scene, lesson=Words(text="\n\n".join(words.text for words in own), line=own[0].line))


def _check_graph(scenes: tuple[Scene, ...], problems: Problems) -> None:
    by_key: dict[str, Scene] = {}
    for scene in scenes:
        if scene.key in by_key:
            problems.error(
                scene.line,
                "scene-twice",
                f'Two scenes are called "{scene.title.text[:40]}".',
                "Give one another title.",
            )
        by_key.setdefault(scene.key, scene)
    for scene in scenes:
        for choice in scene.choices:
            if choice.to and choice.to not in by_key:
                hint = did_you_mean(choice.to, by_key, "#{}") or "Copy the scene's title: #scene-its-title"
                problems.error(choice.words.line, "scene-unknown", f'No scene called "{choice.to[:60]}".', hint)
    reached = _spread({scenes[0].key}, {scene.key: [c.to for c in scene.choices] for scene in by_key.values()})
    backwards: dict[str, list[str]] = {}
    for scene in by_key.values():
        for choice in scene.choices:
            backwards.setdefault(choice.to, []).append(scene.key)
    ends = _spread({scene.key for scene in by_key.values() if scene.ending}, backwards)
    for scene in by_key.values():
        if scene.key not in reached:
            problems.error(
                scene.line, "scene-unreached", "No choice leads to this scene.", f"Link to it: (#{scene.key})"
            )
        elif scene.choices and scene.key not in ends:
            problems.error(
                scene.line, "scene-loop", "From here the story never ends.", "Let one choice lead to an ending."
            )
    if not any(scene.ending == "good" and scene.key in reached for scene in scenes):
        problems.error(
            scenes[0].line,
            "no-good-ending",
            "This story has no good ending that can be reached.",
            "Add a scene with **Ending: good**",
        )


def _spread(start: set[str], ways: dict[str, list[str]]) -> set[str]:
    seen, ahead = set(start), list(start)
    while ahead:
        for key in ways.get(ahead.pop(), []):
            if key not in seen:
                seen.add(key)
                ahead.append(key)
    return seen
