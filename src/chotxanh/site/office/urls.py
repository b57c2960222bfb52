"""The office's addresses."""

from django.urls import path

from chotxanh.site.office.badges import act_on_badge, badges, print_badges
from chotxanh.site.office.board import board_version, live_board
from chotxanh.site.office.calls import calls, people_of_tube, undo_call
from chotxanh.site.office.clocks import clocks, settle
from chotxanh.site.office.contacts import release
from chotxanh.site.office.corrections import corrections, sign_correction
from chotxanh.site.office.devices import devices, revoke
from chotxanh.site.office.disputed import disputed
from chotxanh.site.office.disputed_tube import disputed_tube, withdraw
from chotxanh.site.office.dossiers import dossier
from chotxanh.site.office.errands import errands
from chotxanh.site.office.finding import find_person, found_people
from chotxanh.site.office.followups import end_followup, followups
from chotxanh.site.office.gaps import missing
from chotxanh.site.office.held import decide_held, held, held_waiting
from chotxanh.site.office.invalid import invalid, look_into_alarm
from chotxanh.site.office.kept_codes import kept_codes
from chotxanh.site.office.lists.views import (
    answered_sheet,
    begin,
    declare_list,
    empty_sheet,
    look_over,
    print_codes,
    record,
)
from chotxanh.site.office.overview import overview
from chotxanh.site.office.own_account import end_session, own_account
from chotxanh.site.office.own_password import own_password
from chotxanh.site.office.papers import leaflet, papers, poster
from chotxanh.site.office.people import correct, erase, link, link_proposed, looks, person, unlink
from chotxanh.site.office.protection import protection
from chotxanh.site.office.registers.views import act, register, registers
from chotxanh.site.office.resetting import reset_second
from chotxanh.site.office.second_step import second_step
from chotxanh.site.office.sign_in import sign_in, sign_out
from chotxanh.site.office.words import confirm, words

urlpatterns = [
    path("office/", overview, name="office"),
    path("office/sign-in", sign_in, name="office_sign_in"),
    path("office/sign-in/code", second_step, name="office_second_step"),
    path("office/sign-out", sign_out, name="office_sign_out"),
    path("office/held", held, name="office_held"),
    path("office/held/<uuid:entry>", decide_held, name="office_decide_held"),
    path("office/held/waiting/<uuid:device>", held_waiting, name="office_held_waiting"),
    path("office/disputed", disputed, name="office_disputed"),
    path("office/disputed/<str:facility>/<path:barcode>", disputed_tube, name="office_disputed_tube"),
    path("office/withdraw/<uuid:entry>", withdraw, name="office_withdraw"),
    path("office/gaps", missing, name="office_gaps"),
    path("office/clocks", clocks, name="office_clocks"),
    path("office/clocks/<uuid:log>/<uuid:boot>", settle, name="office_settle_clock"),
    path("office/invalid", invalid, name="office_invalid"),
    path("office/invalid/<uuid:device>/looked-into", look_into_alarm, name="office_look_into_alarm"),
    path("office/board", live_board, name="office_board"),
    path("office/board/version", board_version, name="office_board_version"),
    path("office/calls", calls, name="office_calls"),
    path("office/calls/<uuid:entry>/undo", undo_call, name="office_undo_call"),
    path("office/calls/<str:facility>/<path:barcode>", people_of_tube, name="office_call_tube"),
    path("office/followups", followups, name="office_followups"),
    path("office/followups/contact", release, name="office_release_contact"),
    path("office/followups/<uuid:result>", end_followup, name="office_end_followup"),
    path("office/corrections", corrections, name="office_corrections"),
    path("office/corrections/<uuid:entry>", sign_correction, name="office_sign_correction"),
    path("office/people", find_person, name="office_people"),
    path("office/people/found/<str:search>", found_people, name="office_found_people"),
    path("office/people/<uuid:registration>", person, name="office_person"),
    path("office/people/<uuid:registration>/correct", correct, name="office_person_correct"),
    path("office/people/<uuid:registration>/link", link, name="office_person_link"),
    path(
        "office/people/<uuid:registration>/link/<uuid:other>",
        link_proposed,
        name="office_person_link_proposed",
    ),
    path("office/people/<uuid:registration>/unlink", unlink, name="office_person_unlink"),
    path("office/people/<uuid:registration>/erase", erase, name="office_person_erase"),
    path("office/people/<uuid:registration>/looks", looks, name="office_person_looks"),
    path("office/declare-list", declare_list, name="office_declare_list"),
    path("office/lists/<str:name>", begin, name="office_list"),
    path("office/lists/<str:name>/template", empty_sheet, name="office_list_template"),
    path("office/lists/<str:name>/<str:token>", look_over, name="office_list_sent"),
    path("office/lists/<str:name>/<str:token>/record", record, name="office_list_record"),
    path("office/lists/<str:name>/<str:token>/answer", answered_sheet, name="office_list_answer"),
    path("office/lists/<str:name>/<str:token>/codes", print_codes, name="office_list_codes"),
    path("office/errands", errands, name="office_errands"),
    path("office/account", own_account, name="office_account"),
    path("office/account/codes", kept_codes, name="office_kept_codes"),
    path("office/account/end/<str:session>", end_session, name="office_end_session"),
    path("office/password", own_password, name="office_password"),
    path("office/registers", registers, name="office_registers"),
    path("office/registers/staff/<uuid:whose>/second", reset_second, name="office_reset_second"),
    path("office/registers/<str:name>", register, name="office_register"),
    path("office/registers/<str:name>/<str:row>", act, name="office_register_act"),
    path("office/dossiers/<str:name>", dossier, name="office_dossier"),
    path("office/badges", badges, name="office_badges"),
    path("office/badges/print", print_badges, name="office_print_badges"),
    path("office/badges/act", act_on_badge, name="office_act_on_badge"),
    path("office/papers", papers, name="office_papers"),
    path("office/papers/poster", poster, name="office_poster"),
    path("office/papers/leaflet", leaflet, name="office_leaflet"),
    path("office/protection", protection, name="office_protection"),
    path("office/words", words, name="office_words"),
    path("office/words/<uuid:entry>", confirm, name="office_confirm_word"),
    path("office/devices", devices, name="office_devices"),
    path("office/devices/<uuid:device>/revoke", revoke, name="office_revoke"),
]
