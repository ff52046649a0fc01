"""An installation is worked on by the account that keeps it; root, too, is told the command instead."""

import os
import pwd
from pathlib import Path

import pytest

from sigap.app import doctor, installation
from sigap.app.trouble import Trouble
from sigap.kernel.paths import Home


def kept_by(account: str, folder: Path) -> Home:
    if os.geteuid() != 0:
        pytest.skip("only root can give a folder away")
    home = installation.make(Home(folder / "home"))
    os.chown(home.keys, pwd.getpwnam(account).pw_uid, -1)
    return home


def test_root_is_told_to_work_as_the_keeper(tmp_path: Path) -> None:
    home = kept_by("daemon", tmp_path)
    with pytest.raises(Trouble, match=r"is kept by daemon.*sudo -u daemon env SIGAP_HOME="):
        installation.refuse_foreign(home)


def test_doctor_says_so_and_looks_no_further(tmp_path: Path) -> None:
    found = doctor.examine(kept_by("daemon", tmp_path))
    assert "kept by daemon" in found[-1].how
    assert not found[-1].well


def test_ones_own_and_one_that_is_not_made_yet_are_fine(tmp_path: Path) -> None:
    installation.refuse_foreign(Home(tmp_path / "not-yet"))
    installation.refuse_foreign(installation.make(Home(tmp_path / "mine")))


def test_doctor_names_what_another_account_left_behind(tmp_path: Path) -> None:
    home = kept_by("root", tmp_path)
    os.chown(home.logs, pwd.getpwnam("daemon").pw_uid, -1)
    folder = next(one for one in doctor.examine(home) if one.what == "data folder")
    assert f"chown -R 0 {home.logs}" in folder.mend
