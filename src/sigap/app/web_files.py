"""The web's built files: hashed assets for ever, pages never cached, every deep link answered by the one page."""

import asyncio
import gzip
import mimetypes
from functools import cache
from pathlib import Path
from typing import Final

from fastapi import FastAPI, Request
from fastapi.responses import FileResponse, Response

from sigap.kernel.problems import NotFound

PACKAGED = Path(__file__).resolve().parents[1] / "pages"
"""Where the web's build puts them: inside the package, in a checkout as in a wheel."""

PACKED: Final = (".js", ".css", ".html", ".svg", ".json", ".webmanifest")
"""Text, which is a third as long when compressed; fonts and pictures are compressed already."""


def add_web_files(app: FastAPI, folder: Path | None) -> None:
    """Serve the files of `folder` (default: the build). Added after the API, so it never hides one."""
    root = (folder or PACKAGED).resolve()

    @app.get("/{path:path}", include_in_schema=False)
    async def page(path: str, request: Request) -> Response:
        if path.startswith(("api/", "tiles/")):
            raise NotFound()
        try:
            file = (root / path).resolve()
            there = path != "" and file.is_file() and file.is_relative_to(root)
        except (OSError, ValueError) as error:  # a name no file system can hold
            raise NotFound() from error
        if there:
            hashed = "assets" in file.relative_to(root).parts
            keep = "public, max-age=31536000, immutable" if hashed else "no-cache"
            return await asyncio.to_thread(_sent, file, keep, request)
        if "." in path.rsplit("/", 1)[-1] or not (root / "index.html").is_file():
            raise NotFound()
        return await asyncio.to_thread(_sent, root / "index.html", "no-cache", request)


def _sent(file: Path, keep: str, request: Request) -> Response:
    """The file, compressed where that helps and the browser reads it; a part of it (Range) as it is."""
    headers = {"Cache-Control": keep}
    if file.suffix not in PACKED:
        return FileResponse(file, headers=headers)
    headers["Vary"] = "Accept-Encoding"
    if "gzip" not in request.headers.get("accept-encoding", "") or "range" in request.headers:
        return FileResponse(file, headers=headers)
    stat = file.stat()
    tag = f'"{stat.st_mtime_ns:x}-{stat.st_size:x}-gz"'
    headers["ETag"] = tag
    if request.headers.get("if-none-match") == tag:
        return Response(status_code=304, headers=headers)
    body = _packed(file, stat.st_mtime_ns)
    kind = mimetypes.guess_type(file.name)[0] or "application/octet-stream"
    return Response(body, media_type=kind, headers=headers | {"Content-Encoding": "gzip"})


@cache
def _packed(file: Path, changed_ns: int) -> bytes:
    """A file's bytes compressed; kept, since a build has few files and none changes."""
    return gzip.compress(file.read_bytes(), 6, mtime=0)
