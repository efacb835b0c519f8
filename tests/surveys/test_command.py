import os
import subprocess
import sys
from pathlib import Path

from surveys.__main__ import main
from surveys.load import load_file, read_published

ROOT = Path(__file__).parents[2]


def test_check_says_what_each_form_asks_of_whom(authored, capsys):
    assert main(["check", str(authored.folder)], instruments=authored.folder.parents[1]) == 0
    told = capsys.readouterr().out
    assert "full: 58 items on 15 pages, about 7 minutes (legal, hr, finance, operations)" in told
    assert "full: 52 items on 14 pages, about 6 minutes (it, customer_service, sales, procurement, other)" in told
    assert "pulse: 29 items on 7 pages, about 4 minutes" in told
    assert "not published" in told


def test_check_names_what_is_wrong_and_fails(authored, capsys):
    line = authored.replace("core.yaml", "answer: 2", "answer: 6")
    assert main(["check", str(authored.folder)], instruments=authored.folder.parents[1]) == 1
    assert f"core.yaml, line {line}, item ATT: 6 is outside 1..5" in capsys.readouterr().err


def test_check_without_a_folder_checks_all_there_are():
    told = subprocess.run(
        [sys.executable, "-m", "surveys", "check"], cwd=ROOT, capture_output=True, text=True, env=os.environ
    )
    assert told.returncode == 0, told.stderr
    assert "atr 1.0.0: " in told.stdout
    assert "  published, sha256 " in told.stdout


def test_publishing_adds_one_line_and_publishing_again_none(authored, capsys):
    instruments = authored.folder.parents[1]
    for expected in ("atr 1.0.0 is published. It never changes", "atr 1.0.0 is published already"):
        assert main(["publish", str(authored.folder)], instruments=instruments) == 0
        assert expected in capsys.readouterr().out
        (entry,) = read_published(instruments)
        assert entry.sha256 == load_file(authored.folder).sha256


def test_a_published_version_is_never_published_with_other_contents(authored, capsys):
    instruments = authored.folder.parents[1]
    main(["publish", str(authored.folder)], instruments=instruments)
    before = (instruments / "PUBLISHED").read_bytes()
    authored.replace("finance.yaml", "on a fixed schedule", "every week")
    for command in ("check", "publish"):
        assert main([command, str(authored.folder)], instruments=instruments) == 1
        assert "atr 1.0.0 has been published with other contents" in capsys.readouterr().err
    assert (instruments / "PUBLISHED").read_bytes() == before


def test_a_folder_that_is_not_named_after_its_version_is_not_published(authored, capsys):
    instruments = authored.folder.parents[1]
    authored.replace("core.yaml", "version: 1.0.0", "version: 1.1.0")
    assert main(["publish", str(authored.folder)], instruments=instruments) == 1
    assert "atr 1.1.0 must lie in instruments/atr/1.1.0" in capsys.readouterr().err
    assert not (instruments / "PUBLISHED").exists()
