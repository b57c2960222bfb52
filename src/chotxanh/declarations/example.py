"""The golden declaration: what one looks like, with invented people."""

from chotxanh.domain.questionnaire import QUESTIONS

EXAMPLE = {
    "person_code": "PZBJZMP6RKLFK4Q",
    "page_digest": "AAECAwQFBgcICQoLDA0ODw",
    "birth_year": 1985,
    "birth_precision": "day",
    "sex": "male",
    "category": "goods_driver",
    "vehicle_class": "truck",
    "direction": "in",
    "origin": {"scheme": "nso-2021", "code": "79"},
    "destination": {"scheme": "nso-2021", "code": "77"},
    "answers": {question: question == "cough" for question in sorted(QUESTIONS)},
    "language": "vi",
    "notice": "2021-07",
    "road": "QL51",
}
EXAMPLE_PERSONAL = {
    "salt": "AAECAwQFBgcICQoLDA0ODw",
    "full_name": "Nguyễn Văn Đường",
    "birth_date": "1985-03-05",
    "id_number": "077085000123",
    "phone": "+84912345678",
    "plate": "72C-123.45",
}
