"""A module on paper: its lessons and questions as a page of HTML, and its answers as another.

Made from the edition, so what is printed is what carers read. The style is in the page, as a printer fetches nothing.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Iterator, Mapping
from html import escape
from typing import Any

STYLE = """
@page { size: A4; margin: 20mm 18mm 22mm;
  @bottom-right { content: counter(page) " / " counter(pages); font-size: 9pt } }
body { font: 11.5pt/1.45 "Noto Sans", "DejaVu Sans", sans-serif; color: #000 }
h1 { font-size: 21pt; margin: 0 0 4mm } h2 { font-size: 15pt; margin: 9mm 0 3mm; break-after: avoid }
h3 { font-size: 12.5pt; margin: 7mm 0 2mm; break-after: avoid } h4 { font-size: 11.5pt; break-after: avoid }
img { max-width: 100%; max-height: 75mm } table { border-collapse: collapse } audio { display: none }
th, td { border: .3mm solid #555; padding: 1.5mm 2.5mm; text-align: left; vertical-align: top }
.bv-alert { border: .6mm solid #000; padding: 2mm 3mm; margin: 4mm 0 } .bv-alert__title { font-weight: bold; margin: 0 }
.bv-more summary { font-weight: bold } section.question { break-inside: avoid }
ul.boxes { list-style: none; padding: 0 }
ul.boxes > li::before { content: "\\2610\\00a0\\00a0" } .line { border-bottom: .3mm solid #555; height: 8mm }
.soft { color: #333 } dt { font-weight: bold; margin-top: 3mm } dd { margin-left: 5mm }
"""
_PICTURE = re.compile(r'src="/m/([0-9a-f]{64})\.[a-z0-9]+"')
_LINES = 4


def module_page(edition: Mapping[str, Any], media: Mapping[str, bytes]) -> str:
    """Return a page with every lesson and question. `edition` as published, `media` the bodies of its files by hash."""
    types = {file["sha"]: file["type"] for file in edition["media"]}

    def picture(found: re.Match[str]) -> str:
        body = base64.b64encode(media.get(found[1], b"")).decode()
        return f'src="data:{types.get(found[1], "image/svg+xml")};base64,{body}"'

    body = "\n".join(_parts(edition))
    return _page(edition, edition["title"], _PICTURE.sub(picture, body))


def answers_page(edition: Mapping[str, Any], questions: list[dict[str, Any]]) -> str:
    """Return a page with the right answers. `questions` as `app.content.build.whole` gives them."""
    rows = "\n".join(
        f"<dt>{number}. {question['prompt']}</dt><dd>{_answer(question)}{_explained(question)}</dd>"
        for number, question in enumerate(questions, 1)
    )
    return _page(edition, f"Answers: {edition['title']}", f"<dl>{rows or '<dd>There are no questions.</dd>'}</dl>")


def _page(edition: Mapping[str, Any], title: str, body: str) -> str:
    checked = (
        f"Facts checked by {escape(edition['checked_by'])}." if edition["checked_by"] else "Facts not checked yet."
    )
    sources = "; ".join(escape(source) for source in edition["sources"])
    helped = ", ".join(escape(name) for name in edition.get("credits", ()))
    return (
        f'<!doctype html><html lang="{escape(edition["lang"])}"><head><meta charset="utf-8">'
        f"<title>{escape(title)}</title><style>{STYLE}</style></head><body><h1>{escape(title)}</h1>"
        f'<p class="soft">{escape(edition["summary"])} {edition["minutes"]} minutes.</p>{body}'
        f'<p class="soft">Edition {edition["edition"]} of {escape(edition["key"])}. {checked} '
        f"Licence: {escape(edition['licence'])}.{f' With words by {helped}.' if helped else ''}"
        f"{f' Sources: {sources}.' if sources else ''}</p></body></html>"
    )


def _parts(edition: Mapping[str, Any]) -> Iterator[str]:
    number = 0
    for part in edition["parts"]:
        if part["kind"] == "lesson":
            yield f"<h2>{escape(part['title'])}</h2>{_opened(part['html'])}"
        else:
            number += 1
            question = part["question"]
            yield f'<section class="question"><h3>{number}. {question["prompt"]}</h3>{_asked(question)}</section>'


def _opened(html: str) -> str:
    """Easier words that open at a tap stand open on paper."""
    return html.replace('<details class="bv-more">', '<details class="bv-more" open>')


def _asked(question: Mapping[str, Any]) -> str:
    instruction = f'<p class="soft">{escape(question["instruction"])}</p>'
    match question["kind"]:
        case "reflection":
            lines = '<div class="line"></div>' * _LINES
            return instruction + "".join(f"<p>{prompt}</p>{lines}" for prompt in question["prompts"])
        case "branching":
            return instruction + "".join(_scene(scene) for scene in question["scenes"])
        case "matching":
            left = "".join(f"<li>{item['html']}</li>" for item in question["left"])
            right = "".join(f"<li>{item['html']}</li>" for item in question["right"])
            return f"{instruction}<table><tr><td><ol>{left}</ol></td><td><ol type=A>{right}</ol></td></tr></table>"
        case "ordering":
            # By their words: in the right order they would need no putting in order.
            items = sorted(question["items"], key=lambda item: item["html"])
        case _:
            items = question["options"]
    boxes = "".join(f"<li>{item['html']}</li>" for item in items)
    return f'{instruction}<ul class="boxes">{boxes}</ul>'


def _scene(scene: Mapping[str, Any]) -> str:
    choices = "".join(f"<li>{choice['html']}</li>" for choice in scene["choices"])
    ending = f"<p><strong>Ending: {escape(scene['ending'])}</strong></p>" if scene["ending"] else ""
    return f"<h4>{escape(scene['title'])}</h4>{scene['html']}{f'<ul>{choices}</ul>' if choices else ''}{ending}"


def _answer(question: Mapping[str, Any]) -> str:
    match question["kind"]:
        case "reflection":
            return question["model"] or "<p>In their own words.</p>"
        case "branching":
            titles = {scene["key"]: escape(scene["title"]) for scene in question["scenes"]}
            ways = "".join(
                f"<li>{titles[scene['key']]}: {choice['html']} → {titles.get(choice['to'], '')}"
                f"{choice['feedback'] or ''}</li>"
                for scene in question["scenes"]
                for choice in scene["choices"]
            )
            ended = [(scene["title"], scene["ending"]) for scene in question["scenes"] if scene["ending"]]
            ends = "".join(f"<li>{escape(title)}: {escape(ending)}</li>" for title, ending in ended)
            return f"<ul>{ways}</ul><ul>{ends}</ul>"
        case "matching":
            right = {item["key"]: item["html"] for item in question["right"]}
            pairs = (f"<li>{i['html']} → {right[question['pairs'][i['key']]]}</li>" for i in question["left"])
            return f"<ul>{''.join(pairs)}</ul>"
        case "ordering":
            html = {item["key"]: item["html"] for item in question["items"]}
            return f"<ol>{''.join(f'<li>{html[key]}</li>' for key in question['order'])}</ol>"
        case _:
            said = (
                (o["html"], "right" if o["right"] else "not right", o["feedback"] or "") for o in question["options"]
            )
            return f"<ul>{''.join(f'<li>{html}: <strong>{word}</strong>{why}</li>' for html, word, why in said)}</ul>"


def _explained(question: Mapping[str, Any]) -> str:
    return question.get("explain") or ""
