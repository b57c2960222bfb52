"""What travellers do on their phones: declare, open their page, have a certificate checked. All of them invented."""

from dataclasses import dataclass

from playwright.sync_api import Page

from chotxanh.cli.pictures.camera import PHONE, Camera

NOBODY_ILL = {"symptoms": "none", "exposures": "none"}


@dataclass(frozen=True)
class Traveller:
    """One person of the scenario, as they fill in the form."""

    full_name: str
    birth: str
    sex: str
    phone: str
    id_number: str
    plate: str
    origin: str = "TP. Hồ Chí Minh"
    destination: str = "Bà Rịa - Vũng Tàu"


TRAVELLERS = (
    Traveller("Nguyễn Văn Thành", "05/03/1985", "male", "0912345678", "077085000123", "72C-123.45"),
    Traveller("Lê Thị Hồng Gấm", "20/11/1994", "female", "0987654321", "077194000456", "72C-123.45"),
    Traveller("Trần Quốc Đạt", "1979", "male", "0903111222", "", "51D-678.90"),
    Traveller("Y Bhăm Niê Kdăm", "01/12/1988", "male", "0377000999", "066088000321", "47C-246.80", "Đắk Lắk"),
    Traveller("Phạm Ngọc Ửng", "30/06/1991", "male", "0868123123", "075091000789", "60C-135.79", "Đồng Nai"),
)
AT_ANOTHER_LANE = Traveller("Đỗ Minh Khôi", "14/08/1990", "male", "0938222333", "079090000654", "50H-987.65")


@dataclass(frozen=True)
class Declared:
    """What a traveller holds after declaring: the code that officers scan, and the page that is theirs alone."""

    code: str
    page: str


def declare(camera: Camera, traveller: Traveller, *, is_shown: bool = False) -> Declared:
    """Declare on a phone of one's own, with pictures on the way where `is_shown`."""
    with camera.visitor(PHONE) as phone:
        if is_shown:
            phone.goto("/")
            camera.take(phone, "phone-home")
        phone.goto("/declare")
        _fill_in(phone, traveller)
        if is_shown:
            camera.take(phone, "phone-declare")
        phone.click(".actions button[value=check]")
        if is_shown:
            camera.take(phone, "phone-check")
        phone.click(".actions button[value=send]")
        phone.wait_for_url("**/p/*")
        if is_shown:
            camera.take(phone, "phone-page")
        return Declared(phone.locator(".pass .code").inner_text(), phone.url)


def see_certificate(camera: Camera, declared: Declared) -> bytes:
    """Open the person's page once the result is known; returns a picture of the certificate's QR."""
    with camera.visitor(PHONE) as phone:
        phone.goto(declared.page)
        camera.take(phone, "phone-result", from_element="#standing")
        camera.take(phone, "phone-certificate", from_element=".certificate")
        return phone.locator(".certificate .qr img").screenshot()


def verify(camera: Camera, qr: bytes, name: str, language: str = "vi") -> None:
    """Have a certificate checked by somebody who was handed a photo of it."""
    with camera.visitor(PHONE, language) as phone:
        phone.goto("/verify")
        phone.set_input_files("#photo", {"name": "giay.png", "mimeType": "image/png", "buffer": qr})
        phone.click("main .actions button")
        phone.locator(".state-large").wait_for()
        camera.take(phone, name)


def see_in_english(camera: Camera) -> None:
    """Show the first page and the form to somebody who reads English."""
    with camera.visitor(PHONE, "en") as phone:
        phone.goto("/")
        camera.take(phone, "phone-home-en")
        phone.goto("/declare")
        _fill_in(phone, TRAVELLERS[0])
        camera.take(phone, "phone-declare-en")


def _fill_in(phone: Page, traveller: Traveller) -> None:
    phone.fill("#full_name", traveller.full_name)
    phone.fill("#birth", traveller.birth)
    phone.fill("#phone", traveller.phone)
    phone.fill("#id_number", traveller.id_number)
    phone.fill("#plate", traveller.plate)
    choices = {"sex": traveller.sex, "category": "goods_driver", "vehicle_class": "truck", "direction": "in"}
    for name, value in (choices | NOBODY_ILL).items():
        phone.check(f"input[name={name}][value={value}]")
    phone.fill("#origin", traveller.origin)
    phone.fill("#destination", traveller.destination)
