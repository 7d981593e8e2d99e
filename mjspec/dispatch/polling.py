"""Waits for one task; a batch's tasks are followed together by `mjspec.dispatch.following`."""

from __future__ import annotations

from time import monotonic, sleep
from typing import TYPE_CHECKING

from mjspec.dispatch.errors import NotFoundError, UnavailableError

if TYPE_CHECKING:
    from mjspec.dispatch.answers import Task
    from mjspec.dispatch.client import Client

__all__ = ["poll"]

# A task that was accepted a moment ago may not be known everywhere yet.
_SETTLING = 60.0


def poll(client: Client, task_id: str, *, every: float, patience: float) -> Task:
    """Asks for a task until it has ended; see `Client.poll`."""
    begin = monotonic()
    while True:
        now = monotonic() - begin
        wait = every
        try:
            task = client.task(task_id)
            if task.phase != "running":
                return task
        except NotFoundError:
            if now > min(_SETTLING, patience):
                raise
        except UnavailableError as error:
            wait = max(every, error.retry_after or 0.0)
            if now + wait > patience:
                raise
        if now + wait > patience:
            raise UnavailableError(f"the task {task_id} has not ended in {patience:g} s")
        sleep(wait)
