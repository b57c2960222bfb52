"""What every answer tells a browser: what its page may load, use and keep."""

from http import HTTPStatus

from django.http import HttpResponseBase

CONTENT_SECURITY_POLICY = (
    "default-src 'self'; img-src 'self' data:; frame-ancestors 'none'; base-uri 'none'; form-action 'self'; "
    "object-src 'none'"
)
# No page of ours uses any of them: photos come by the file field, the station's tones are computed.
PERMISSIONS_POLICY = ", ".join(
    f"{feature}=()"
    for feature in (
        *("accelerometer", "browsing-topics", "camera", "display-capture", "geolocation", "gyroscope"),
        *(
            "hid",
            "magnetometer",
            "microphone",
            "midi",
            "payment",
            "publickey-credentials-get",
            "serial",
            "usb",
        ),
        "xr-spatial-tracking",
    )
)
# A page may be shown again by Back; whatever else an answer is, nobody keeps it.
FOR_ONE_READER, FOR_NOBODY = "private, no-cache", "no-store"


def add_policies(response: HttpResponseBase) -> None:
    """Add the headers that every answer carries, where the answer does not say otherwise itself."""
    response.headers.setdefault("Content-Security-Policy", CONTENT_SECURITY_POLICY)
    response.headers.setdefault("Permissions-Policy", PERMISSIONS_POLICY)
    is_page = response.status_code == HTTPStatus.OK
    response.headers.setdefault("Cache-Control", FOR_ONE_READER if is_page else FOR_NOBODY)
