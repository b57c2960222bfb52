"""The twelve questions of the declaration of 2021: symptoms, and exposure in the last 14 days."""

SYMPTOMS = (
    "fever",
    "cough",
    "breathing_difficulty",
    "pneumonia",
    "sore_throat",
    "fatigue",
    "loss_of_taste_or_smell",
    "muscle_ache",
)
EXPOSURES = ("been_in_outbreak_area", "contact_case", "contact_from_outbreak_area", "contact_symptomatic")
QUESTIONS = frozenset(SYMPTOMS + EXPOSURES)
NOTICE_VERSION = "2026-12"
