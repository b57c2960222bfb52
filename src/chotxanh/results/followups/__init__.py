"""Follow-ups: who must be called because of a result, and what came of the calls."""
