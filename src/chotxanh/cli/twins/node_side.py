"""Builds the TypeScript twin and asks it a file of questions."""

import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from chotxanh.cli import front_end
from chotxanh.cli.node import Node
from chotxanh.cli.paths import WEB
from chotxanh.cli.progress import run_quietly, step
from chotxanh.cli.stopped import Stopped


@dataclass(frozen=True)
class Twin:
    """A built twin in a folder that is gone afterwards."""

    node: Node
    folder: Path

    def answers(self, questions: Path) -> Path:
        """The file of answers to a file of questions, both one JSON object a line."""
        answers = self.folder / "answers"
        with questions.open("rb") as asked, answers.open("wb") as written:
            command = ["node", str(self.folder / "twin.js")]
            ended = subprocess.run(
                command, stdin=asked, stdout=written, env=dict(self.node.environment()), check=False
            )
        if ended.returncode != 0:
            raise Stopped("The TypeScript side ended before it had answered everything.")
        return answers


@contextmanager
def built_twin() -> Iterator[Twin]:
    """Build `web/shared/src/twin.ts` for Node."""
    node = front_end.install_packages()
    with tempfile.TemporaryDirectory(prefix="chotxanh-fuzz-") as folder:
        with step("TypeScript twin"):
            # npm's own options end at the two dashes; what follows is the script's.
            run_quietly([*node.npm, "run", "twin", "--", "--outDir", folder], WEB, node.environment())
        yield Twin(node, Path(folder))
