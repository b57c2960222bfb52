"""The golden registration and its correction: what they look like, with invented people."""

REGISTRATION = "017adaf0-0000-7000-8000-000000000031"
PERSON_CODE = "PZBJZMP6RKLFK4Q"
EXAMPLE = {
    "person_code": PERSON_CODE,
    "page_digest": "AAECAwQFBgcICQoLDA0ODw",
    "birth_year": 1985,
    "birth_precision": "day",
    "sex": "male",
    "language": "vi",
}
EXAMPLE_PERSONAL = {
    "salt": "AAECAwQFBgcICQoLDA0ODw",
    "full_name": "Nguyễn Văn Đường",
    "birth_date": "1985-03-05",
    "id_number": "077085000123",
    "phone": "+84912345678",
    "address": None,
}
EXAMPLE_CORRECTION = {
    "registration": REGISTRATION,
    "person_code": PERSON_CODE,
    "corrects": ["name", "birth"],
    "reason": "typing_error",
    "birth_year": 1986,
    "birth_precision": "day",
}
EXAMPLE_CORRECTED = {
    "salt": "AAECAwQFBgcICQoLDA0ODw",
    "full_name": "Nguyễn Văn Đương",
    "birth_date": "1986-03-05",
}
