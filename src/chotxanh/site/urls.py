"""Every address of the product."""

from django.urls import include, path, re_path

from chotxanh.site import failures, home, own_data_views, own_looks, person
from chotxanh.site.standing.views import standing_rules
from chotxanh.site.station import station_badge_sign_in, station_shell, station_sign_in, station_sign_out
from chotxanh.site.watch.metrics import metrics

# Asked in this order: stations come first because they ask most, then what thousands wait for.
urlpatterns = [
    path("api/v1/", include("chotxanh.ledger.urls")),
    path("api/v1/sign-in", station_sign_in, name="station_sign_in"),
    path("api/v1/sign-in/badge", station_badge_sign_in, name="station_badge_sign_in"),
    path("api/v1/sign-out", station_sign_out, name="station_sign_out"),
    path("p/<str:secret>", person.person_page, name="person"),
    path("p/<str:secret>/version", person.person_version, name="person_version"),
    path("p/<str:secret>/result", person.see_result, name="see_result"),
    path("p/<str:secret>/looks", own_looks.own_looks, name="own_looks"),
    path("p/<str:secret>/data", own_data_views.own_data, name="own_data"),
    path("p/<str:secret>/data/json", own_data_views.own_data_json, name="own_data_json"),
    path("p/<str:secret>/data/pdf", own_data_views.own_data_pdf, name="own_data_pdf"),
    path("p/", person.my_page, name="my_page"),
    path("", home.home, name="home"),
    path("metrics", metrics, name="metrics"),
    path("rules/standing", standing_rules, name="standing_rules"),
    path("privacy", home.privacy, name="privacy"),
    path("language/<str:language>", home.choose_language, name="language"),
    path("", include("chotxanh.declarations.urls")),
    path("", include("chotxanh.verification.urls")),
    path("", include("chotxanh.site.office.urls")),
    re_path(r"^station/(?P<name>|sw\.js|manifest\.webmanifest)$", station_shell, name="station"),
]

handler400 = failures.bad_request
handler403 = failures.forbidden
handler404 = failures.not_found
handler500 = failures.server_error
