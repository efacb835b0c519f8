"""Numbers from R for gating scores, wishes and rare errors; see reference/autonomy.R, which made them."""

import json
from pathlib import Path

R = json.loads((Path(__file__).parent / "reference" / "autonomy.json").read_text())
