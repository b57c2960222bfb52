"""The one family of errors that people and devices see: a stable code with its HTTP status, and safe parameters."""

from http import HTTPStatus

# Every code there is. Where a problem is one entry's answer in a receipt, the receipt itself is 200.
_CODES: dict[HTTPStatus, str] = {
    # What a program sent cannot be used as it is.
    HTTPStatus.BAD_REQUEST: """
        answers_incomplete batch_unreadable clock_missing cursor_invalid database_url_unknown dcc_type_wrong
        entry_unreadable kind_unknown line_seen_wrong log_of_another_device member_unknown payload_invalid
        person_code_invalid personal_altered personal_missing pool_empty pool_kind_wrong pool_member_repeated
        pool_too_large protocol_unknown public_key_invalid read_before_start request_unreadable
        rule_says_nothing setting_invalid signature_invalid time_out_of_range tube_invalid window_invalid
    """,
    HTTPStatus.UNAUTHORIZED: "session_over",
    HTTPStatus.FORBIDDEN: """
        actor_missing actor_not_allowed actor_unproven badge_over badge_unknown demonstration_over
        device_revoked device_unknown enrolment_code_over enrolment_code_unknown enrolment_code_used
        grant_beyond_own grant_to_oneself
        method_not_granted not_allowed own_grant password_new password_over pin_locked pin_new pin_over
        pin_wrong refused register_unknown
        second_code_wrong sign_in_stale sign_in_wrong ticket_invalid ticket_over
    """,
    HTTPStatus.NOT_FOUND: "entry_unknown person_unknown site_unknown",
    HTTPStatus.CONFLICT: """
        correction_own correction_parts_alike correction_parts_others correction_signed correction_told
        correction_unsigned erasure_followed_up erasure_of_linked id_reused link_parts_others linked_already
        more_arrived ruling_own running_number_reused
    """,
    HTTPStatus.REQUEST_TIMEOUT: "body_stalled",
    HTTPStatus.LENGTH_REQUIRED: "length_missing",
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE: "batch_too_long photo_too_large sheet_too_large too_large",
    # What a person typed can be mended by them: a form comes back with everything that was typed.
    HTTPStatus.UNPROCESSABLE_ENTITY: """
        answer_missing birth_date_day_missing birth_date_future birth_date_invalid birth_date_missing
        birth_date_month_first birth_date_unreadable birth_year_two_digits category_missing cell_error cell_formula
        cell_none_unsaid cell_not_offered
        cell_place_unclear cell_places_too_many
        certificate_damaged_by_typing certificate_is_identity_card certificate_is_insurance_card
        certificate_is_link certificate_is_own_code certificate_missing certificate_too_long
        certificate_unreadable choice_missing code_claimed_twice code_invalid correction_missing day_invalid
        destination_missing device_name_missing direction_destination_inside direction_destination_outside
        direction_missing direction_origin_inside direction_origin_outside exposures_contradict exposures_missing
        field_too_long id_number_insurance id_number_invalid id_number_letter_for_digit id_number_missing
        id_number_own_code id_number_phone loinc_invalid lot_invalid methods_contradict
        name_invalid_characters name_legacy_encoding name_letters_lost name_look_alike name_missing
        name_not_latin name_too_long number_invalid origin_missing page_link_missing page_link_unknown
        password_differs password_is_scan password_weak phone_invalid phone_letter_for_digit phone_missing
        phone_old_format phone_several photo_heic photo_several_codes photo_too_many_pixels photo_unreadable
        photo_without_code pin_weak
        place_unclear place_unknown plate_missing plate_too_long plate_too_many plate_without_vehicle
        pool_protocol_missing
        post_names_missing post_names_too_many second_code_missing sex_missing sought_missing
        sought_unreadable symptoms_contradict symptoms_missing
        row_place_repeated row_repeated sheet_empty sheet_heading_twice sheet_headings_missing
        sheet_legacy_encoding sheet_locked
        sheet_missing sheet_not_utf8 sheet_of_another_kind sheet_too_many_columns sheet_too_many_rows
        sheet_unpacks_too_large sheet_unreadable
        time_in_future
        time_invalid time_out_of_bounds time_too_late tube_damaged_by_typing tube_is_certificate tube_is_command
        tube_is_identity_card tube_is_insurance_card tube_is_link tube_is_own_code tube_is_plate tube_misread
        tube_missing tube_not_ascii vehicle_class_missing withdraw_reason_missing
    """,
    HTTPStatus.TOO_MANY_REQUESTS: "searched_too_often second_code_too_often sign_in_busy sign_in_too_often too_often",
    # The same again, a little later, may succeed. Nothing was recorded, but where the database went away meanwhile.
    HTTPStatus.SERVICE_UNAVAILABLE: "photos_busy papers_busy sheets_busy busy database_away",
}
STATUSES: dict[str, HTTPStatus] = {code: status for status, codes in _CODES.items() for code in codes.split()}


class Problem(Exception):
    """Something a user or a device did that cannot be accepted.

    `code` is one of `STATUSES`, stable and documented in `docs/problems.md`; its sentence stands in
    `contracts/texts/problems.json`. `params` fill the sentence's placeholders and are shown to the user: never
    personal data.
    """

    def __init__(self, code: str, **params: str | int) -> None:
        super().__init__(code)
        self.code = code
        self.params = params

    @property
    def status(self) -> HTTPStatus:
        """With what HTTP status the problem is answered; a test demands that every code has one."""
        return STATUSES.get(self.code, HTTPStatus.BAD_REQUEST)
