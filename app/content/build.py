"""Module → edition: canonical JSON, named by its SHA-256.

Building is deterministic: no clock, no random number, no set order. The same text and pictures give the same bytes on
any machine that runs the same release. The shape is contract: it may only grow.
"""

from __future__ import annotations

import gzip
import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from html import escape
from typing import Any

import brotli

from app.content.questions import INSTRUCTIONS
from app.content.render import Renderer, plain
from app.content.source import source_sha
from app.content.types import Built, Kind, MediaFile, Module, Question, Scene, Words

FORMAT = 1
LEFT_KEYS = "abcdefghijklmno"
# Sanitised words within markup of our own: it opens with scripts off, and a phone needs to know nothing about it.
EASIER = (
    '<details class="bv-more"><summary class="bv-more__title">The same in easier words</summary>'
    '<div class="bv-more__body">{}</div></details>'
)
# Below the last lesson, in words that phones of every release draw.
CREDITS = '<p class="bv-soft bv-small">With words by {}.</p>'
RIGHT_KEYS = "pqrstuvwxyz"


def canonical(data: Any) -> bytes:
    """Return JSON as bytes that depend on nothing but `data`."""
    return json.dumps(data, sort_keys=True, ensure_ascii=False, separators=(",", ":"), allow_nan=False).encode("utf-8")


def compress(body: bytes, *, quality: int = 11) -> tuple[bytes | None, bytes | None]:
    """Return the Brotli and gzip forms, or None for a form that is no smaller. Deterministic. `quality` is Brotli's."""
    br, gz = brotli.compress(body, quality=quality), gzip.compress(body, compresslevel=9, mtime=0)
    return (br if len(br) < len(body) else None), (gz if len(gz) < len(body) else None)


def build(module: Module, media: Iterable[MediaFile], renderer: Renderer | None = None) -> Built:
    """Render and pack a module that has been checked. `media` are the files its text names.

    Pass one `renderer` for many modules: making one costs more than a module.
    """
    files = tuple(sorted(media, key=lambda file: file.name))
    renderer = renderer or Renderer()
    renderer.use({file.name: file for file in files})
    answer_key: dict[str, dict[str, Any]] = {}
    source = source_sha(module.text, {file.name: file.sha for file in files})
    data = {
        "format": FORMAT,
        "key": module.key,
        "edition": module.edition,
        "change": module.change,
        "lang": module.lang,
        "title": module.title,
        "summary": module.summary,
        "minutes": module.minutes,
        "criteria": [code.value for code in module.criteria],
        "pass": module.pass_mark,
        "valid_for_months": module.valid_for_months,
        "checked_by": module.checked_by,
        "check_again": module.check_again.isoformat() if module.check_again else None,
        "licence": module.licence,
        "sources": list(module.sources),
        "pocket": module.pocket,
        "source": source,
        "media": [
            {"sha": file.sha, "name": file.name, "type": file.type, "kind": file.kind, "bytes": len(file.body)}
            for file in files
        ],
        "parts": list(_parts(module, renderer, answer_key)),
    }
    if module.credits:
        data["credits"] = list(module.credits)
    body = canonical(data)
    return Built(
        sha=hashlib.sha256(body).hexdigest(), body=body, answer_key=answer_key, source=source, media=files, data=data
    )


def _parts(module: Module, renderer: Renderer, answer_key: dict[str, dict[str, Any]]) -> Iterable[dict[str, Any]]:
    for lesson in module.lessons:
        words = renderer.block(lesson.body.text)
        easier = EASIER.format(renderer.block(lesson.easier.text)) if lesson.easier else ""
        title = plain(renderer.inline(lesson.title.text))
        named = CREDITS.format(escape(", ".join(module.credits))) if lesson is module.lessons[-1] else ""
        html = words + easier + (named if module.credits else "")
        yield {"kind": "lesson", "id": lesson.id, "title": title, "html": html, "text": plain(words)}
        for question in lesson.questions:
            built = _question(question, renderer)
            if question.after_sync:
                built, withheld = withhold(built)
                answer_key[question.id] = withheld
            yield {
                "kind": "question",
                "id": question.id,
                "lesson": lesson.id,
                "title": plain(built["prompt"]),
                "question": built,
            }


def _question(question: Question, renderer: Renderer) -> dict[str, Any]:
    hint = question.label("hint")
    body: dict[str, Any]
    match question.kind:
        case Kind.SINGLE | Kind.MULTIPLE | Kind.TRUEFALSE:
            body = {
                "options": [
                    {
                        "key": key,
                        "html": renderer.inline(option.words.text),
                        "feedback": _block(renderer, option.feedback),
                        "right": option.right,
                    }
                    for key, option in zip(LEFT_KEYS, question.options, strict=False)
                ]
            }
        case Kind.ORDERING:
            items = [
                {"key": key, "html": renderer.inline(item.text)}
                for key, item in zip(LEFT_KEYS, question.items, strict=False)
            ]
            body = {"items": items, "order": [item["key"] for item in items]}
        case Kind.MATCHING:
            body = _matching(question, renderer)
        case Kind.REFLECTION:
            body = {
                "prompts": [renderer.inline(prompt.text) for prompt in question.prompts],
                "shared_with": question.label("shared with"),
                "model": _block(renderer, question.explain),
            }
        case Kind.BRANCHING:
            body = {"start": question.scenes[0].key, "scenes": [_scene(scene, renderer) for scene in question.scenes]}
    return {
        "id": question.id,
        "kind": question.kind.value,
        "prompt": renderer.inline(question.prompt.text),
        "instruction": INSTRUCTIONS[question.kind],
        "criteria": list(question.criteria),
        "must": question.must,
        "practise": question.practise,
        "hint": renderer.inline(hint) if hint else None,
        "feedback": "after-sync" if question.after_sync else "instant",
        # A reflection's closing quote is its model points, shown once.
        "explain": None if question.kind is Kind.REFLECTION else _block(renderer, question.explain),
        **body,
    }


def _block(renderer: Renderer, words: Words | None) -> str | None:
    return renderer.block(words.text) if words else None


def _matching(question: Question, renderer: Renderer) -> dict[str, Any]:
    rows = [
        (renderer.inline(pair.left.text) if pair.left else None, renderer.inline(pair.right.text))
        for pair in question.pairs
    ]
    rights = dict(zip(sorted({right for _, right in rows}), RIGHT_KEYS, strict=False))
    left = [
        (key, html, right)
        for key, (html, right) in zip(LEFT_KEYS, (row for row in rows if row[0] is not None), strict=False)
    ]
    return {
        "left": [{"key": key, "html": html} for key, html, _ in left],
        "right": [{"key": key, "html": html} for html, key in rights.items()],
        "pairs": {key: rights[right] for key, _, right in left},
    }


def _scene(scene: Scene, renderer: Renderer) -> dict[str, Any]:
    told = [words.text for words in (scene.story, scene.lesson) if words]
    html = renderer.block("\n\n".join(told))
    return {
        "key": scene.key,
        "title": plain(renderer.inline(scene.title.text)),
        "html": html,
        "text": plain(html),
        "choices": [
            {
                "key": f"{scene.key}.{number}",
                "html": renderer.inline(choice.words.text),
                "to": choice.to,
                "feedback": _block(renderer, choice.feedback),
            }
            for number, choice in enumerate(scene.choices, 1)
        ],
        "ending": scene.ending,
    }


def withhold(question: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """Split a question whose answers stay on the server into what phones get and what is kept.

    What is kept has the shape of what was taken: `options` as [{key, right, feedback}], `order`, `pairs`, `explain`.
    Steps to order are given sorted by their words, with keys by that order, so that neither tells anything.
    """
    shown, kept = dict(question), {}
    if "options" in question:
        kept["options"] = [
            {name: option[name] for name in ("key", "right", "feedback")} for option in question["options"]
        ]
        shown["options"] = [{"key": option["key"], "html": option["html"]} for option in question["options"]]
    if "order" in question:
        html = {item["key"]: item["html"] for item in question["items"]}
        by_words = sorted(question["order"], key=lambda key: (html[key], key))
        new = dict(zip(by_words, LEFT_KEYS, strict=False))
        shown["items"] = [{"key": new[key], "html": html[key]} for key in by_words]
        kept["order"] = [new[key] for key in question["order"]]
    for name in ("order", "pairs", "explain"):
        if name in shown:
            kept.setdefault(name, shown[name])
            del shown[name]
    return shown, kept


def whole(edition: Mapping[str, Any], answer_key: Mapping[str, Mapping[str, Any]]) -> Sequence[dict[str, Any]]:
    """Return the questions of an edition with what was withheld put back."""
    questions = []
    for part in edition["parts"]:
        if part["kind"] != "question":
            continue
        question = dict(part["question"])
        kept = answer_key.get(question["id"], {})
        options = {option["key"]: option for option in kept.get("options", ())}
        if options:
            question["options"] = [{**option, **options.get(option["key"], {})} for option in question["options"]]
        question |= {name: value for name, value in kept.items() if name != "options"}
        questions.append(question)
    return questions
