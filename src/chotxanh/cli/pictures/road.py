"""The road of the pictures: five people in one tube, a cut line, a result, and what a lead must decide."""

from playwright.sync_api import Page

from chotxanh.cli.pictures import office, travellers
from chotxanh.cli.pictures.camera import Camera
from chotxanh.cli.pictures.desk import TECHNICIAN, Desk, Shift, station
from chotxanh.cli.pictures.travellers import AT_ANOTHER_LANE, TRAVELLERS, Declared

POOL = "2107250001"
USED_TWICE = "2107250003"
SENT_TOO_LATE = "2107250004"
LOST = "Máy tính bảng làn 2"


def live(camera: Camera, enrolment_code: str) -> None:
    """Live the road from the first declaration to the lead's desk; every picture is taken on the way."""
    people = [
        travellers.declare(camera, traveller, is_shown=index == 0)
        for index, traveller in enumerate(TRAVELLERS)
    ]
    elsewhere = travellers.declare(camera, AT_ANOTHER_LANE)
    with station(camera, enrolment_code, "Máy bàn làn 1, chốt xe tải", is_shown=True) as desk:
        pair_and_result(camera, desk, people)
        qr = travellers.see_certificate(camera, people[0])
        travellers.verify(camera, qr, "phone-verify")
        travellers.verify(camera, qr, "phone-verify-en", "en")
        travellers.see_in_english(camera)
        with office.office(camera) as page:
            leave_work_for_the_lead(camera, desk, page, [people[4], elsewhere])


def pair_and_result(camera: Camera, desk: Desk, people: list[Declared]) -> None:
    """Five people into one tube while the line is down; its result, by a technician, once the line is back."""
    camera.take(desk.page, "station-idle")
    desk.scan(people[0].code.replace(" ", ""))
    desk.page.get_by_test_id("person-plate").wait_for()
    camera.take(desk.page, "station-person")
    desk.cut_line()
    desk.collect(POOL, [person.code for person in people], is_closed=False)
    camera.take(desk.page, "station-tube")
    desk.change_language()
    camera.take(desk.page, "station-tube-en")
    desk.change_language()
    desk.close_tube()
    desk.wait_until_kept()
    camera.take(desk.page, "station-offline")
    desk.mend_line()
    desk.wait_until_online()
    desk.hand_over(Shift(TECHNICIAN))
    desk.scan(POOL)
    desk.page.get_by_test_id("result-negative").wait_for()
    camera.take(desk.page, "station-waiting")
    desk.give_result(POOL, "negative")
    desk.wait_until_sent()
    camera.take(desk.page, "station-result")
    desk.hand_over(Shift())


def leave_work_for_the_lead(camera: Camera, desk: Desk, page: Page, people: list[Declared]) -> None:
    """One tube used at both lanes, and entries of a tablet that was lost: both wait for a decision."""
    code = office.code_for(page, LOST)
    camera.take(page, "office-new-device")
    with station(camera, code, LOST, Shift(post=2)) as tablet:
        tablet.cut_line()
        tablet.collect(USED_TWICE, [people[1].code])
        tablet.wait_until_kept()
        desk.collect(USED_TWICE, [people[0].code])
        desk.wait_until_sent()
        tablet.mend_line()
        tablet.cut_line()
        tablet.collect(SENT_TOO_LATE, [people[1].code])
        tablet.wait_until_kept()
        office.revoke(page, LOST)
        tablet.mend_line()
    office.show_desks(camera, page)
