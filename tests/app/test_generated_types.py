"""The web's types of the API are those of this server: a changed field does not compile there until `npm run api`."""

import json
import shutil
import subprocess
from pathlib import Path

import pytest

from sigap.app.http import create_app
from sigap.kernel.paths import Home

ROOT = Path(__file__).resolve().parents[2]
WEB = ROOT / "web"
GENERATOR = WEB / "node_modules/.bin/openapi-ts"
TYPES = "types.gen.ts"


def test_the_web_has_this_servers_types(tmp_path: Path) -> None:
    node = shutil.which("node", path=str(ROOT / ".tools/bin")) or shutil.which("node")
    if node is None or not GENERATOR.exists():
        pytest.skip("the web's packages are not installed")
    app = create_app(Home(tmp_path / "home"), "postgresql:///not-asked")
    described = tmp_path / "openapi.json"
    described.write_text(json.dumps(app.openapi()))
    subprocess.run(
        [
            node,
            GENERATOR,
            "-i",
            described,
            "-o",
            tmp_path / "types",
            "-p",
            "@hey-api/typescript",
            "--no-log-file",
        ],
        cwd=WEB,
        check=True,
        capture_output=True,
        timeout=60,
    )
    now, kept = (folder / TYPES for folder in (tmp_path / "types", WEB / "src/api/generated"))
    assert kept.read_text() == now.read_text(), "stale: run `npm run api` in web/ while the API runs"
