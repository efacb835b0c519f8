"""All tables in one place, for migrations only."""

from sqlmodel import SQLModel

import app.accounts.models
import app.actions.models
import app.acts.models
import app.answers.model
import app.approval.models
import app.autonomy.models
import app.clients.models
import app.comments.models
import app.delivery.models
import app.documents.models
import app.experts.models
import app.guardrails.models
import app.invitations.models
import app.jobs.models
import app.lineage.models
import app.mail.models
import app.members.models
import app.owners.models
import app.planned.models
import app.playbooks.models
import app.questionnaires.models
import app.releases.models
import app.reports.models
import app.retention.models
import app.rooms.models
import app.rosters.models
import app.share.models
import app.staffpage.models
import app.trials.models
import app.waves.models
import app.workflows.models  # noqa: F401  # imported for their tables

metadata = SQLModel.metadata
