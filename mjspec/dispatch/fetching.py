"""Brings images home: fetched, checked, named, moved into place, described, and only then recorded."""

from __future__ import annotations

import errno
import os
from time import time
from typing import TYPE_CHECKING

from mjspec.dispatch.agenda import Agenda
from mjspec.dispatch.assets import Assets
from mjspec.dispatch.errors import DownloadError
from mjspec.dispatch.files import stems
from mjspec.dispatch.pace import backoff
from mjspec.dispatch.sidecar import provenance, sidecar_text, write_atomically

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from mjspec.dispatch.download import Download
    from mjspec.dispatch.rows import Asset, Attempt
    from mjspec.dispatch.run import Run

__all__ = ["Fetcher"]

_THREADS = 4
_LIFETIME = 24 * 3600.0
_DISK_FULL = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EROFS})


class Fetcher:
    """Fetches the images of completed attempts."""

    def __init__(self, run: Run) -> None:
        self._run = run
        self._assets = Assets(run.ledger)
        self._agenda = Agenda("mjspec-fetch", _THREADS, run.surprised)
        self._open: dict[str, int] = {}

    def close(self) -> None:
        """Fetches nothing more."""
        self._agenda.close()

    def fetch(self, attempt: Attempt) -> None:
        """Fetches what an attempt still lacks; the run has counted it."""
        try:
            wanted = [a for a in self._assets.all(attempt.id) if a.state == "wanted"]
        except BaseException:
            self._run.fetched()
            raise
        with self._run.changed:
            self._open[attempt.id] = len(wanted)
        if not wanted:
            self._close_attempt(attempt)
        for asset in wanted:
            self._later(attempt, asset, 1, 0.0)

    def take_up(self, attempt: Attempt) -> None:
        """Fetches what an earlier run left."""
        with self._run.changed:
            self._run.fetching += 1
        self.fetch(attempt)

    def _later(self, attempt: Attempt, asset: Asset, tries: int, seconds: float) -> None:
        self._agenda.after(seconds, lambda: self._try(attempt, asset, tries))

    def _try(self, attempt: Attempt, asset: Asset, tries: int) -> None:
        again = False
        try:
            self._bring(attempt, asset)
        except (DownloadError, OSError) as error:
            again = self._failed(attempt, asset, tries, error)
        finally:
            if not again:
                self._one_less(attempt)

    def _failed(
        self, attempt: Attempt, asset: Asset, tries: int, error: DownloadError | OSError
    ) -> bool:
        """Notes that an image did not come; true if it will be tried again."""
        run = self._run
        lost = isinstance(error, DownloadError) and error.gone and _is_over(attempt)
        self._assets.failed(attempt.id, asset.number, str(error), lost=lost)
        facts = _facts(attempt)
        run.journal.write("image_failed", **facts, number=asset.number, error=str(error), lost=lost)
        if isinstance(error, OSError) and error.errno in _DISK_FULL:
            # Buying more images than there is room for helps nobody.
            run.stop_sending("disk", f"stopped: {run.ledger.out} cannot be written ({error})")
            return False
        if lost or tries >= run.options.download_tries:
            return False
        self._later(attempt, asset, tries + 1, backoff(tries, 30.0))
        return True

    def _bring(self, attempt: Attempt, asset: Asset) -> None:
        run = self._run
        out = run.ledger.out
        temporary = out / f".{attempt.id}-{asset.number}.part"
        download = run.client.download(asset.url, temporary, limit=run.options.image_limit)
        try:
            stem = self._stem(attempt, asset, download)
            path = out / f"{stem}{download.suffix}"
            _make_folder(path.parent, out)
            temporary.replace(path)
        except BaseException:
            temporary.unlink(missing_ok=True)
            raise
        self._describe(attempt, asset, download, stem)
        _sync_folder(path.parent)
        relative = f"{stem}{download.suffix}"
        self._assets.done(attempt.id, asset.number, relative, download.size, download.sha256)
        run.journal.write(
            "image",
            **_facts(attempt),
            path=relative,
            bytes=download.size,
            sha256=download.sha256,
        )

    def _stem(self, attempt: Attempt, asset: Asset, download: Download) -> str:
        """A name that no other image has and no file that was there before."""
        ledger = self._run.ledger
        claimed = self._assets.stem(attempt.id, asset.number)
        if claimed is not None:
            # Claimed before a crash: whatever stands there is an earlier try of this image.
            return claimed
        for stem in self._names(attempt, asset):
            taken = any(
                os.path.lexists(ledger.out / f"{stem}{ending}")
                for ending in (download.suffix, ".json")
            )
            if not taken and self._assets.claim_stem(attempt.id, asset.number, stem):
                return stem
        raise AssertionError  # The names have no end.

    def _names(self, attempt: Attempt, asset: Asset) -> Iterator[str]:
        job = self._run.ledger.job(attempt.job)
        values = {
            "id": job.id,
            "index": str(asset.number),
            "copy": str(job.copy),
            "fingerprint": job.fingerprint.rpartition(":")[2][:8],
            "prompt": job.final_prompt,
            "task_id": asset.task_id,
        }
        return stems(self._run.options.template, values, job.fingerprint)

    def _describe(self, attempt: Attempt, asset: Asset, download: Download, stem: str) -> None:
        ledger = self._run.ledger
        row = ledger.read("SELECT * FROM attempt WHERE id = ?", attempt.id)[0]
        path = f"{stem}{download.suffix}"
        facts = provenance(ledger.job(attempt.job), row, asset, download, path)
        write_atomically(ledger.out / f"{stem}.json", sidecar_text(facts))

    def _one_less(self, attempt: Attempt) -> None:
        with self._run.changed:
            self._open[attempt.id] -= 1
            last = not self._open[attempt.id]
        if last:
            self._close_attempt(attempt)

    def _close_attempt(self, attempt: Attempt) -> None:
        run = self._run
        self._open.pop(attempt.id, None)
        try:
            assets = self._assets.all(attempt.id)
            missing = [asset for asset in assets if asset.state != "done"]
            if not missing:
                run.ledger.home(attempt.id)
            elif all(asset.state == "lost" for asset in missing):
                why = f"paid, but the links to {len(missing)} of {len(assets)} images have died"
                run.ledger.lost(attempt.id, why)
            else:
                why = f"paid; {len(missing)} images are still to be fetched: {missing[0].error}"
                run.ledger.troubled(attempt.id, why)
        finally:
            run.fetched()


def _facts(attempt: Attempt) -> dict[str, str]:
    return {"job": attempt.name, "key": attempt.job, "attempt": attempt.id}


def _is_over(attempt: Attempt) -> bool:
    """Whether the links' life time is over."""
    return time() > (attempt.expires_at or attempt.submitted_at + _LIFETIME)


def _make_folder(folder: Path, out: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    # A link somewhere on the way may lead out.
    if not folder.resolve().is_relative_to(out.resolve()):
        raise DownloadError(f"{folder} lies outside the output folder")


def _sync_folder(folder: Path) -> None:
    """Makes the new names last through a power cut, where the system can."""
    try:
        handle = os.open(folder, os.O_RDONLY)
    except OSError:
        return
    try:
        os.fsync(handle)
    except OSError:
        pass
    finally:
        os.close(handle)
