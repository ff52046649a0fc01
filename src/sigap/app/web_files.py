"""The web's built files: hashed assets for ever, pages never cached, every deep link answered by the one page."""

from pathlib import Path

from fastapi import FastAPI, Request
from fastapi.responses import FileResponse, Response

from sigap.kernel.problems import NotFound

PACKAGED = Path(__file__).resolve().parents[1] / "pages"
"""Where the web's build puts them: inside the package, in a checkout as in a wheel."""


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
            return FileResponse(file, headers={"Cache-Control": keep})
        if "." in path.rsplit("/", 1)[-1] or not (root / "index.html").is_file():
            raise NotFound()
        return FileResponse(root / "index.html", headers={"Cache-Control": "no-cache"})
