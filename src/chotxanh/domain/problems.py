"""The one family of errors that people and devices see: a stable code, a status and safe parameters."""

from http import HTTPStatus


class Problem(Exception):
    """Something a user or a device did that cannot be accepted.

    `code` is stable and documented in `docs/problems.md`; its sentence stands in `contracts/texts/problems.json`.
    `params` fill the sentence's placeholders and are shown to the user: never personal data.
    """

    def __init__(self, code: str, status: HTTPStatus = HTTPStatus.BAD_REQUEST, **params: str | int) -> None:
        super().__init__(code)
        self.code = code
        self.status = status
        self.params = params
