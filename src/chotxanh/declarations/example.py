"""The golden declaration: what one looks like, with an invented journey."""

from chotxanh.domain.questionnaire import QUESTIONS
from chotxanh.people.example import PERSON_CODE, REGISTRATION

EXAMPLE = {
    "registration": REGISTRATION,
    "person_code": PERSON_CODE,
    "category": "goods_driver",
    "vehicle_class": "truck",
    "direction": "in",
    "origin": {"scheme": "nso-2021", "code": "79"},
    "destination": {"scheme": "nso-2021", "code": "77"},
    "answers": {question: question == "cough" for question in sorted(QUESTIONS)},
    "notice": "2021-07",
    "road": "QL51",
}
EXAMPLE_PERSONAL = {"salt": "AAECAwQFBgcICQoLDA0ODw", "plate": "72C-123.45"}
