"""What taking a catalogue would change here, worked out from both sides. Pure."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

from app.content.sharing import Here
from app.interop.sharing.licences import known
from app.interop.sharing.wire import Edition, Erratum, Manifest, Module, mark_of

# Whose a key is: the id of a source, and whether it is still followed.
Owner = tuple[int, bool]


@dataclass(frozen=True, slots=True, kw_only=True)
class Side:
    """What stands here: editions by module and number, whose keys are whose, and which errata were carried out."""

    source_id: int
    editions: Mapping[str, Mapping[int, Here]]
    modules: Mapping[str, Owner]
    packs: Mapping[str, Owner]
    own_packs: Collection[str]
    names: Mapping[int, str] = field(default_factory=dict)
    errata: Collection[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Coming:
    """An edition that is not here yet. `first`: the module is new here."""

    module: Module
    edition: Edition
    first: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class LeftOut:
    """What is not taken, and why, in words."""

    key: str
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Changes:
    """What is different. `own` counts modules this server publishes itself that stay as they are."""

    coming: tuple[Coming, ...] = ()
    withdrawn: tuple[tuple[Module, Edition], ...] = ()
    errata: tuple[tuple[Module, Edition, Erratum], ...] = ()
    left_out: tuple[LeftOut, ...] = ()
    gone: tuple[str, ...] = ()
    own: int = 0
    here: int = 0

    @property
    def new_modules(self) -> tuple[Coming, ...]:
        """Modules of which nothing is here."""
        return tuple(each for each in self.coming if each.first)

    @property
    def new_editions(self) -> tuple[Coming, ...]:
        """Editions of modules that are here in an older one."""
        return tuple(each for each in self.coming if not each.first)

    @property
    def words(self) -> str:
        """Say it in one line: "3 new modules, 2 new editions (1 major), 1 withdrawn"."""
        major = sum(each.edition.change == "major" for each in self.new_editions)
        said = [
            _count(len(self.new_modules), "new module", "new modules"),
            _count(len(self.new_editions), "new edition", "new editions") + f" ({major} major)" * bool(major),
            f"{len(self.withdrawn)} withdrawn" * bool(self.withdrawn),
            _count(len(self.errata), "answer put right", "answers put right"),
        ]
        return ", ".join(each for each in said if each) or "nothing new"


def compare(manifest: Manifest, side: Side) -> Changes:
    """Say what is different between a catalogue and this server."""
    packs = {pack.key: pack for pack in manifest.packs}
    coming: list[Coming] = []
    withdrawn: list[tuple[Module, Edition]] = []
    errata: list[tuple[Module, Edition, Erratum]] = []
    left_out: list[LeftOut] = []
    own = here = 0
    for module in manifest.modules:
        stands = side.editions.get(module.key, {})
        same = [e for e in module.editions if e.number in stands and stands[e.number].source == e.source]
        here += len(same)
        refusal = _refusal(module, side, same, packs)
        if refusal is None and _is_ours(module, side):
            own += 1
            continue
        if refusal is not None:
            left_out.append(LeftOut(key=module.key, words=refusal))
            continue
        coming += _coming(module, stands)
        withdrawn += [(module, e) for e in same if e.withdrawn and not stands[e.number].withdrawn]
        errata += [
            (module, e, one) for e in same for one in e.errata if mark_of(module.key, e.number, one) not in side.errata
        ]
    listed = {module.key for module in manifest.modules}
    mine = {key for key, (source, _) in side.modules.items() if source == side.source_id}
    return Changes(
        coming=tuple(coming),
        withdrawn=tuple(withdrawn),
        errata=tuple(errata),
        left_out=tuple(left_out),
        gone=tuple(sorted(mine - listed)),
        own=own,
        here=here,
    )


def _is_ours(module: Module, side: Side) -> bool:
    """Say whether this server publishes the module itself: it is here, and was never taken from anybody."""
    return bool(side.editions.get(module.key)) and module.key not in side.modules


def _refusal(module: Module, side: Side, same: Sequence[Edition], packs: Mapping[str, object]) -> str | None:
    """Say why a module of the catalogue is not taken; None when it is, or when it is this server's own."""
    stands = side.editions.get(module.key, {})
    if any(not each.everybodys for each in stands.values()):
        return "Its key belongs to a module that a provider here wrote."
    if len({e.number for e in module.editions}) != len(module.editions):
        return "The catalogue has two editions of it with one number."
    if _is_ours(module, side):
        return None
    owner, followed = side.modules.get(module.key, (side.source_id, True))
    if owner != side.source_id:
        newest = max(stands, default=0)
        if followed:
            return f"It comes from {side.names.get(owner, 'another catalogue')} here."
        if newest not in {e.number for e in same}:
            return f"It came from {side.names.get(owner, 'another catalogue')}, and what is here reads another way."
    clash = [e.number for e in module.editions if e.number in stands and e not in same]
    if clash:
        return f"Edition {clash[-1]} is here already, with another text."
    pack = packs.get(module.pack)
    if pack is None:
        return f'The catalogue does not say what its pack "{module.pack}" is.'
    if not known(getattr(pack, "licence", "")) or not all(known(e.licence) for e in module.editions):
        return "Its licence does not let us have it, as far as we know."
    holder = side.packs.get(module.pack)
    if holder is None and module.pack in side.own_packs:
        return f'Its pack "{module.pack}" is this server\'s own.'
    if holder is not None and holder[0] != side.source_id and holder[1]:
        return f'Its pack "{module.pack}" comes from {side.names.get(holder[0], "another catalogue")} here.'
    return None


def _coming(module: Module, stands: Mapping[int, Here]) -> list[Coming]:
    """Return what is newer than what is here; of a module that is new here, the newest that was not withdrawn."""
    ordered = sorted(module.editions, key=lambda e: e.number)
    if stands:
        newest = max(stands)
        return [Coming(module=module, edition=e, first=False) for e in ordered if e.number > newest]
    good = [e for e in ordered if e.withdrawn is None]
    return [Coming(module=module, edition=good[-1], first=True)] if good else []


def _count(number: int, one: str, many: str) -> str:
    return f"{number} {one if number == 1 else many}" if number else ""
