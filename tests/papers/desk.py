"""A draft wave with its papers, and the links with which they are read."""

import re
from html import unescape
from typing import TYPE_CHECKING
from uuid import UUID

from app.db import Database
from app.waves import approvals, policy, service
from tests.cast import Cast, sign_in

if TYPE_CHECKING:
    from starlette.testclient import TestClient

PAPERS = ("questionnaire", "promise", "mails", "impact-assessment", "information", "sample")
READER = "Works council <of Fernhill>"


class Desk:
    """A draft wave and one review link for it, as a consultant makes it on the page."""

    def __init__(self, client: "TestClient", database: Database, cast: Cast, wave: UUID) -> None:
        self.client, self.database, self.cast, self.wave = client, database, cast, wave
        self.console = f"/organisations/{cast.organisation}/waves/{wave}/papers"

    def link(self, reader: str = READER) -> str:
        """The path of the review link for a reader."""
        sign_in(self.client, "Ada")
        assert self.client.post(self.console, data={"reader": reader}).status_code == 303
        told = unescape(self.client.get(self.console).text)
        self.client.cookies.clear()
        found = re.search(rf'value="http://testserver(/review/[a-z2-7]+)" aria-label="Review link for {reader}"', told)
        assert found is not None
        return found[1]

    def decide(
        self, link: str, decision: str, *, name: str = "Robin Marsh", remark: str = "", status: int = 303
    ) -> str:
        """Sends a decision about the papers that are there; gives the page."""
        seen = re.search(r'name="papers" value="(\w+)"', self.client.get(link).text)
        papers = "" if seen is None else seen[1]
        data = {"name": name, "decision": decision, "remark": remark, "papers": papers}
        answer = self.client.post(link, data=data)
        assert answer.status_code == status, answer.text
        return unescape(answer.text)

    def decisions(self) -> tuple[approvals.Decision, ...]:
        with self.database.reading() as session:
            return approvals.decisions(session, self.cast.organisation, self.wave)

    def text(self, path: str, status: int = 200) -> str:
        answer = self.client.get(path)
        assert answer.status_code == status, answer.text
        return unescape(answer.text)

    def choose(
        self, *, mode: str = "confidential", k: int = 5, comments: bool = False, retention_months: int = 12
    ) -> None:
        """Chooses another policy for the draft."""
        chosen = policy.chosen(mode=mode, k=k, comments=comments, retention_months=retention_months)
        with self.database.writing() as session:
            service.set_policy(session, organisation_id=self.cast.organisation, wave_id=self.wave, policy=chosen)
