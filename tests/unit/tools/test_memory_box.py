"""A memory cgroup of either version is limited and read by its own names; the folder plays the kernel."""

from __future__ import annotations

from pathlib import Path

import pytest

from bench.memory_box import MIB, MemoryBox, NoGroup, limit, memory_box

SECOND = {
    "memory.max": "max\n",
    "memory.swap.max": "max\n",
    "memory.current": f"{300 * MIB}\n",
    "memory.peak": f"{400 * MIB}\n",
    "memory.events": "low 0\noom 2\noom_kill 1\n",
    "memory.stat": f"anon {150 * MIB}\nfile {120 * MIB}\nshmem {20 * MIB}\n",
}
FIRST = {
    "memory.limit_in_bytes": "9223372036854771712\n",
    "memory.memsw.limit_in_bytes": "9223372036854771712\n",
    "memory.usage_in_bytes": f"{300 * MIB}\n",
    "memory.max_usage_in_bytes": f"{400 * MIB}\n",
    "memory.oom_control": "oom_kill_disable 0\nunder_oom 0\noom_kill 1\n",
    "memory.stat": f"cache 1\ntotal_cache {120 * MIB}\ntotal_shmem {20 * MIB}\n",
}


@pytest.mark.parametrize("files", [FIRST, SECOND], ids=["version 1", "version 2"])
def test_a_group_is_limited_without_swap_and_read(tmp_path: Path, files: dict[str, str]) -> None:
    for name, text in files.items():
        (tmp_path / name).write_text(text, encoding="ascii")

    limit(tmp_path, 512 * MIB)
    box = MemoryBox(tmp_path)

    memory, swap = list(files)[:2]
    assert (tmp_path / memory).read_text() == str(512 * MIB)
    assert (tmp_path / swap).read_text() == ("0" if memory == "memory.max" else str(512 * MIB))
    assert (box.killed(), box.peak()) == (1, 400)
    look = box.look()
    assert (look.used, look.held) == (300, 200), "pages of files can be dropped, shared memory cannot"
    assert box.joined(["flask", "worker"])[-3:] == [str(tmp_path / "cgroup.procs"), "flask", "worker"]


def test_a_machine_without_cgroups_is_told_so(tmp_path: Path) -> None:
    with pytest.raises(NoGroup, match="no memory controller"), memory_box("mine", 512, top=tmp_path):
        pass
    assert list(tmp_path.iterdir()) == []
