"""The autonomy ceiling once more, slow and from the tables; it shares nothing with scoring but the facts."""

T, R = ["T1", "T2", "T3", "T4", "T5"], ["R1", "R2", "R3", "R4", "R5", "R6"]
GATES = {
    1: {"R1": 25, "R3": 25},
    2: {"R1": 40, "R3": 40, "T2": 40, "T4": 40},
    3: dict.fromkeys(["R1", "R2", "R3", "R4", "T1", "T2", "T4"], 50) | dict.fromkeys(["T3", "T5", "R5", "R6"], 40),
    4: dict.fromkeys(["R1", "R2", "R3", "R4", "T1", "T2", "T3", "T4"], 65) | dict.fromkeys(["T5", "R5", "R6"], 55),
    5: dict.fromkeys(T + R, 75),
}
CONTROLS = {
    1: ["C01", "C02"],
    2: ["C03", "C04"],
    3: ["C05", "C06", "C07", "C08", "C09"],
    4: ["C10", "C11", "C12", "C13", "C14"],
    5: ["C15", "C16"],
}


def fails(level, facts, held, shift):
    """The reasons, as (kind, ref), why a level does not hold."""
    cells = {cell.dimension: cell for cell in facts.cells}
    found = {("control", control) for control in CONTROLS[level] if control not in facts.controls}
    for dimension, gate in GATES[level].items():
        need = gate + shift
        if dimension not in cells:
            was_below = [one for one in facts.earlier if one.dimension == dimension and one.lower < need]
            if level > 1 or was_below:
                found.add(("evidence", dimension))
            continue
        cell = cells[dimension]
        if (cell.score.upper if level <= held else cell.score.lower) < need:
            found.add(("score", dimension))
        if cell.unknown and dimension in ("R2", "R3", "R4", "R5"):
            found.add(("dk", dimension))
    if level >= 3 and (facts.response_rate is None or facts.response_rate < 30):
        found.add(("evidence", "response_rate"))
    return found | (high_fails(level, facts, cells) if level >= 4 else set())


def high_fails(level, facts, cells):
    """What A4 and A5 need besides."""
    found = {("split", one) for one in ("T1", "T4", "R3") if one in cells and cells[one].split}
    found |= {("evidence", f"{one} split") for one in ("T1", "T4", "R3") if one in cells and cells[one].split is None}
    if facts.overtrust == "flagged":
        found.add(("overtrust", "C1"))
    if facts.overtrust == "unknown":
        found.add(("evidence", "C1"))
    if facts.group is not None:
        found.add(("evidence", "own_results"))
    if level == 5 and facts.waves_at_a4 < 2:
        found.add(("tenure", "waves_at_a4"))
    return found


def ceiling(facts, shift=0, held=None):
    """The highest level, and the reasons that block the one above it for somebody who does not hold it."""
    held = facts.held if held is None else held
    level = 0
    while level < 5 and not fails(level + 1, facts, held, shift):
        level += 1
    return level, fails(level + 1, facts, 0, shift) if level < 5 else set()
