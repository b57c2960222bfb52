"""Health declarations: questionnaires, answers, trips."""
