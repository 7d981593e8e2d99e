"""A request as a curl command that a shell can run; the key stays in its variable."""

from __future__ import annotations

import json
import shlex
from typing import TYPE_CHECKING

from mjspec.jobs.images import is_local, locate

if TYPE_CHECKING:
    from mjspec.jobs.compiler import Compiled

__all__ = ["curl_command"]


def curl_command(job: Compiled) -> str:
    """The command; local images are read by the shell when it runs."""
    body = dict(job.request.body)
    images = body.get("image_urls")
    files: dict[str, str] = {}
    if isinstance(images, list):
        body["image_urls"] = [_placeholder(str(image), files, job) for image in images]
    data = shlex.quote(json.dumps(body, ensure_ascii=False))
    for mark, path in files.items():
        # The single-quoted text is left for a moment, so that the shell fills in the file.
        data = data.replace(
            mark, f"data:image/*;base64,'\"$(base64 < {shlex.quote(path)} | tr -d '\\n')\"'"
        )
    return (
        f"curl --request {job.request.method} \\\n"
        f"  --url {job.request.url} \\\n"
        '  --header "Authorization: Bearer $APIMART_API_KEY" \\\n'
        "  --header 'Content-Type: application/json' \\\n"
        f"  --data {data}"
    )


def _placeholder(image: str, files: dict[str, str], job: Compiled) -> str:
    if not is_local(image):
        return image
    mark = f"@@{len(files)}@@{job.fingerprint[-16:]}@@"
    files[mark] = str(locate(image, job.job.folder, outside=True))
    return mark
