"""The public test vectors of the EU, step by step, against what a careful verifier must answer."""

import base64
import json
import re
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from chotxanh.domain.hcert.verdict import STEPS, Verdict, verdict
from chotxanh.domain.tests.contract import vectors
from chotxanh.keys.trust import key_id, trusted_key_from_der

# Where the suite is known to be wrong or stricter than the specification.
KNOWN_DISAGREEMENTS = vectors("certificates")["known_disagreements"]
# The JSON beside these texts is another document or names another zone.
WRONG_JSON = {"FR/2DCode/raw/test_pcr_ok.json", "PL/1.3.0/2DCode/raw/1.json", "PL/1.3.0/2DCode/raw/5.json"}
FEWEST_STEPS = 2_400


def is_known(name: str, step: str) -> bool:
    return any(step == known["step"] and re.search(known["file"], name) for known in KNOWN_DISAGREEMENTS)


def read_vectors(testdata: Path) -> dict[str, Any]:
    folder = testdata / "dgc" / "vectors"
    files = sorted(file for file in folder.rglob("*.json") if file.parent.name.lower() == "raw")
    return {
        file.relative_to(folder).as_posix(): json.loads(file.read_text(encoding="utf-8")) for file in files
    }


def judged(vector: dict[str, Any]) -> Verdict:
    context = vector["TESTCTX"]
    der = base64.b64decode(context["CERTIFICATE"])
    try:
        key = trusted_key_from_der(der)
    except ValueError:
        key = None
    at = datetime.fromisoformat(context["VALIDATIONCLOCK"])
    at = at if at.tzinfo else at.replace(tzinfo=UTC)
    return verdict(
        vector["PREFIX"],
        at=at,
        trusted=lambda kid: [key] if key and kid == key_id(der) else [],
        supposed=key,
    )


def test_every_step_of_the_public_vectors_is_reached_and_agrees(testdata: Path) -> None:
    disagreements, agreed = [], 0
    for name, vector in read_vectors(testdata).items():
        found = judged(vector).steps
        expected = {key.removeprefix("EXPECTED"): value for key, value in vector["EXPECTEDRESULTS"].items()}
        for step in set(STEPS) & set(expected):
            if found.get(step) == expected[step]:
                agreed += 1
            elif not is_known(name, step):
                disagreements.append((name, step, expected[step]))
    assert disagreements == []
    assert agreed >= FEWEST_STEPS


def test_every_verified_vector_holds_the_json_beside_it(testdata: Path) -> None:
    different = set()
    for name, vector in read_vectors(testdata).items():
        certificate = judged(vector).certificate
        if certificate is not None and "JSON" in vector and certificate != vector["JSON"]:
            different.add(name)
    assert different <= WRONG_JSON
