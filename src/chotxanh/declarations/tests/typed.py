"""What a driver types into the form, to be changed by each test."""

from typing import Any

# As a script writes them that offers units: then nothing need be sought.
CHOSEN = {
    "origin": "Thành phố Hồ Chí Minh",
    "origin_unit": "nso-2021:79",
    "destination": "Tỉnh Bà Rịa - Vũng Tàu",
    "destination_unit": "nso-2021:77",
}
DRIVER: dict[str, Any] = {
    "token": "token-of-this-form",
    "full_name": "Nguyễn Văn Đường",
    "birth": "05/03/1985",
    "sex": "male",
    "phone": "0912 345 678",
    "id_number": "",
    "category": "goods_driver",
    "vehicle_class": "truck",
    "plate": "72C-123.45",
    "direction": "in",
    "origin": "TP HCM",
    "destination": "brvt",
    "symptoms": ["none"],
    "exposures": ["none"],
}
