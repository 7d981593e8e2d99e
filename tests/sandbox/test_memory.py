from __future__ import annotations

import json
from typing import TYPE_CHECKING

from mjspec.dispatch.client import Client
from mjspec.sandbox import Options, Sandbox

if TYPE_CHECKING:
    from pathlib import Path


def test_the_next_sandbox_knows_the_tasks_and_their_links(tmp_path: Path) -> None:
    options = Options(seconds=0.0, image_side=16, balance=1.0, memory=tmp_path / "memory.jsonl")
    with Sandbox(options) as first:
        client = Client(first.url, "any-key")
        task = client.task(client.submit({"prompt": "a fox"}).task_id)
        client.download(task.images[0], tmp_path / "one")
        first.plan("fail")
        failed = client.submit({"prompt": "an owl"}).task_id
    with Sandbox(options) as second:
        assert second.url == first.url
        assert second.accepted == first.accepted
        client = Client(second.url, "any-key")
        assert client.task(task.id).images == task.images
        client.download(task.images[0], tmp_path / "two")
        assert client.task(failed).phase == "failed"
        assert second.balance == 0.95496
        third = client.submit({"prompt": "a fox"}).task_id
    assert len({task.id, failed, third}) == 3
    assert (tmp_path / "one").read_bytes() == (tmp_path / "two").read_bytes()
    entries = [json.loads(line) for line in (tmp_path / "memory.jsonl").read_text().splitlines()]
    assert [sorted(entry) for entry in entries][:2] == [
        ["port"],
        ["body", "cost", "faults", "task_id", "time"],
    ]
    assert len(entries) == 4


def test_half_a_line_and_a_taken_port_do_no_harm(tmp_path: Path) -> None:
    memory = tmp_path / "memory.jsonl"
    options = Options(seconds=0.0, image_side=16, memory=memory)
    with Sandbox(options) as first:
        kept = Client(first.url, "any-key").submit({"prompt": "a fox"}).task_id
        with memory.open("a", encoding="utf-8") as file:
            file.write('{"task_id": "task_')
        with Sandbox(options) as second:
            assert second.url != first.url
            client = Client(second.url, "any-key")
            assert client.task(kept).phase == "completed"
            client.submit({"prompt": "an owl"})
    with Sandbox(options) as third:
        assert len(third.accepted) == 2
        assert third.url == second.url


def test_a_memory_that_cannot_be_written_is_none(tmp_path: Path) -> None:
    with Sandbox(Options(memory=tmp_path / "missing" / "memory.jsonl")) as sandbox:
        assert Client(sandbox.url, "any-key").submit({"prompt": "a fox"}).task_id
        assert not sandbox.defects
