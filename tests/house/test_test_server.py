"""The PostgreSQL that the tests bring along: databases of their own, and nothing left behind."""

import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import psycopg
import pytest

from tests.house.rules import ROOT
from tests.postgres import OTHER_SERVER, drop_database, fresh_database, server_url, template_database
from tests.processes import all_gone

START_AND_WAIT = """
import time
from tests.postgres import server_url
import psycopg
with psycopg.connect(server_url()) as connection:
    print(connection.execute("SELECT current_setting('data_directory')").fetchone()[0], flush=True)
time.sleep(60)
"""


def fill(url: str) -> None:
    with psycopg.connect(url) as connection:
        connection.execute("CREATE TABLE departments AS SELECT 'Legal' AS name")
    connection.close()


def names(url: str) -> list[str]:
    with psycopg.connect(url) as connection:
        found = [row[0] for row in connection.execute("SELECT name FROM departments ORDER BY name")]
    connection.close()
    return found


def test_each_fresh_database_is_its_own_copy_of_the_template():
    template = template_database(fill)
    first, second = fresh_database(template), fresh_database(template)
    with psycopg.connect(first) as connection:
        connection.execute("INSERT INTO departments VALUES ('Finance')")
    connection.close()
    assert names(first) == ["Finance", "Legal"]
    assert names(second) == ["Legal"]
    drop_database(first)
    with pytest.raises(psycopg.OperationalError, match="does not exist"):
        psycopg.connect(first)


@pytest.mark.skipif(sys.platform != "linux", reason="Only Linux stops a server whose test process was killed.")
def test_no_server_outlives_a_killed_test_process():
    server_url()  # Where there is no PostgreSQL this test says so, as the others do.
    mine = {name: value for name, value in os.environ.items() if name != OTHER_SERVER}
    with subprocess.Popen([sys.executable, "-c", START_AND_WAIT], cwd=ROOT, env=mine, stdout=subprocess.PIPE) as tests:
        assert tests.stdout is not None
        data = Path(tests.stdout.readline().decode().strip())
        server = int((data / "postmaster.pid").read_text().split()[0])
        tests.send_signal(signal.SIGKILL)
    assert all_gone([server])
    shutil.rmtree(data.parent)
