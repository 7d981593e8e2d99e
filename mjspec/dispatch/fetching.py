"""Brings images home: fetched, checked, named, moved into place, described, and only then recorded."""

from __future__ import annotations

import errno
import os
from dataclasses import dataclass, field
from time import monotonic, time
from typing import TYPE_CHECKING

from mjspec.dispatch.agenda import Agenda
from mjspec.dispatch.arrival import Arrival, arrival_of
from mjspec.dispatch.assets import Assets
from mjspec.dispatch.errors import DownloadError
from mjspec.dispatch.folders import make_folder, reachable, sync_folder
from mjspec.dispatch.naming import image_stems, template_of
from mjspec.dispatch.pace import backoff
from mjspec.dispatch.sidecar import provenance, sidecar_text, write_atomically

if TYPE_CHECKING:
    import sqlite3

    from mjspec.dispatch.download import Download
    from mjspec.dispatch.job import PaidJob
    from mjspec.dispatch.rows import Asset, Attempt
    from mjspec.dispatch.run import Run

__all__ = ["Fetcher"]

_THREADS = 8
_LIFETIME = 24 * 3600.0
_DISK_FULL = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EROFS})


class Fetcher:
    """Fetches the images of completed attempts."""

    def __init__(self, run: Run) -> None:
        self._run = run
        self._assets = Assets(run.ledger)
        self._template = template_of(run.ledger)
        self._agenda = Agenda("mjspec-fetch", _THREADS, run.surprised)

    def close(self) -> None:
        """Fetches nothing more."""
        self._agenda.close()

    def fetch(self, attempt: Attempt) -> None:
        """Fetches what an attempt still lacks; the run has counted it."""
        try:
            parcel = self._parcel(attempt)
        except BaseException:
            self._run.fetched()
            raise
        if not parcel.left:
            self._close_parcel(parcel)
        for asset in parcel.wanted:
            self._later(parcel, asset, 1, 0.0)

    def take_up(self, attempt: Attempt) -> None:
        """Fetches what an earlier run left."""
        with self._run.changed:
            self._run.fetching += 1
        self.fetch(attempt)

    def _parcel(self, attempt: Attempt) -> _Parcel:
        ledger = self._run.ledger
        assets = self._assets.all(attempt.id)
        wanted = [asset for asset in assets if asset.state == "wanted"]
        spoilt = any(asset.state == "lost" for asset in assets)
        row = ledger.read("SELECT * FROM attempt WHERE id = ?", attempt.id)[0]
        return _Parcel(attempt, ledger.job(attempt.job), row, wanted, len(wanted), spoilt)

    def _later(self, parcel: _Parcel, asset: Asset, tries: int, seconds: float) -> None:
        self._agenda.after(seconds, lambda: self._try(parcel, asset, tries))

    def _try(self, parcel: _Parcel, asset: Asset, tries: int) -> None:
        again = False
        try:
            self._bring(parcel, asset)
        except (DownloadError, OSError) as error:
            again = self._failed(parcel, asset, tries, error)
        finally:
            if not again:
                self._one_less(parcel)

    def _failed(
        self, parcel: _Parcel, asset: Asset, tries: int, error: DownloadError | OSError
    ) -> bool:
        """Notes that an image did not come; true if it will be tried again."""
        run, attempt = self._run, parcel.attempt
        # What came is recorded with the last image, and that one will now take a while.
        self._record(parcel)
        lost = isinstance(error, DownloadError) and error.gone and _is_over(attempt)
        if lost and self._is_here(parcel, asset):
            return False
        self._assets.failed(attempt.id, asset.number, str(error), lost=lost)
        facts = _facts(attempt)
        run.journal.write("image_failed", **facts, number=asset.number, error=str(error), lost=lost)
        if isinstance(error, OSError) and error.errno in _DISK_FULL:
            # Buying more images than there is room for helps nobody.
            run.stop_sending("disk", f"stopped: {run.ledger.out} cannot be written ({error})")
            return False
        barred = isinstance(error, DownloadError) and error.barred
        enough = tries >= run.options.download_tries and not self._cut_off(parcel, error)
        if lost or barred or enough:
            return False
        self._later(parcel, asset, tries + 1, backoff(tries, 30.0))
        return True

    def _cut_off(self, parcel: _Parcel, error: DownloadError | OSError) -> bool:
        """Whether it is the network that is away, and worth waiting for."""
        run = self._run
        broken = isinstance(error, DownloadError) and error.broken
        patient = monotonic() - parcel.since < run.options.task_patience
        return broken and patient and run.stop is None and run.hearing.trouble() is not None

    def _bring(self, parcel: _Parcel, asset: Asset) -> None:
        run, attempt = self._run, parcel.attempt
        out = run.ledger.out
        temporary = out / f".{attempt.id}-{asset.number}.part"
        download = run.client.download(asset.url, temporary, limit=run.options.image_limit)
        try:
            stem = self._stem(parcel, asset, download)
            path = out / f"{stem}{download.suffix}"
            make_folder(path.parent, out)
            temporary.replace(path)
        except BaseException:
            temporary.unlink(missing_ok=True)
            raise
        relative = f"{stem}{download.suffix}"
        facts = provenance(parcel.job, parcel.row, asset, download, relative)
        write_atomically(out / f"{stem}.json", sidecar_text(facts))
        self._arrived(parcel, Arrival(asset.number, relative, download.size, download.sha256))

    def _arrived(self, parcel: _Parcel, arrival: Arrival) -> None:
        with self._run.changed:
            parcel.arrived.append(arrival)
        self._run.journal.write(
            "image",
            **_facts(parcel.attempt),
            path=arrival.path,
            bytes=arrival.size,
            sha256=arrival.sha256,
        )

    def _stem(self, parcel: _Parcel, asset: Asset, download: Download) -> str:
        """A name that no other image has and no file that was there before."""
        # Claimed before a crash: whatever stands there is an earlier try of this image.
        if asset.stem is not None:
            return asset.stem
        out, attempt = self._run.ledger.out, parcel.attempt
        for wanted in image_stems(self._template, parcel.job, asset):
            stem = reachable(wanted, out)
            taken = any(
                os.path.lexists(out / f"{stem}{ending}") for ending in (download.suffix, ".json")
            )
            if not taken and self._assets.claim_stem(attempt.id, asset.number, stem):
                return stem
        raise AssertionError  # The names have no end.

    def _is_here(self, parcel: _Parcel, asset: Asset) -> bool:
        """Takes in an image that came whole before a crash and whose link has died since."""
        if asset.stem is None:
            return False
        arrival = arrival_of(self._run.ledger.out, asset.number, asset.stem)
        if arrival is None:
            return False
        self._arrived(parcel, arrival)
        return True

    def _one_less(self, parcel: _Parcel) -> None:
        with self._run.changed:
            parcel.left -= 1
            last = not parcel.left
        if last:
            self._close_parcel(parcel)

    def _record(self, parcel: _Parcel, *, home: bool = False) -> None:
        """Records what has come; the files and their names are on the disk by then."""
        out = self._run.ledger.out
        with self._run.changed:
            arrived, parcel.arrived = parcel.arrived, []
        for folder in {(out / arrival.path).parent for arrival in arrived}:
            sync_folder(folder)
        if arrived or home:
            self._assets.done(parcel.attempt.id, arrived, home=home)

    def _close_parcel(self, parcel: _Parcel) -> None:
        run, attempt = self._run, parcel.attempt
        try:
            if len(parcel.arrived) == len(parcel.wanted) and not parcel.spoilt:
                # Nearly always: every image came at its first try.
                self._record(parcel, home=True)
                return
            self._record(parcel)
            assets = self._assets.all(attempt.id)
            left = [asset for asset in assets if asset.state != "done"]
            if not left:
                run.ledger.home(attempt.id)
            elif all(asset.state == "lost" for asset in left):
                why = f"paid, but the links to {len(left)} of {len(assets)} images have died"
                run.ledger.lost(attempt.id, why)
            else:
                number = "1 image is" if len(left) == 1 else f"{len(left)} images are"
                why = f"paid; {number} still to be fetched: {left[0].error}"
                run.ledger.troubled(attempt.id, why)
        finally:
            run.fetched()


@dataclass(slots=True)
class _Parcel:
    """The images of one attempt on their way, with what their sidecars tell.

    Attributes:
        left: How many are still on their way.
        spoilt: Whether an earlier run gave up one of the attempt's other images.
        arrived: What is here and not yet recorded.
        since: When it was begun, on the monotonic clock.
    """

    attempt: Attempt
    job: PaidJob
    row: sqlite3.Row
    wanted: list[Asset]
    left: int
    spoilt: bool
    arrived: list[Arrival] = field(default_factory=list)
    since: float = field(default_factory=monotonic)


def _facts(attempt: Attempt) -> dict[str, str]:
    return {"job": attempt.name, "key": attempt.job, "attempt": attempt.id}


def _is_over(attempt: Attempt) -> bool:
    """Whether the links' life time is over."""
    return time() > (attempt.expires_at or attempt.submitted_at + _LIFETIME)
