/** The payloads of every kind of entry. Written by ./chotxanh document: do not edit. */
/* eslint-disable max-lines -- nobody reads it from top to bottom */

export type Anchor = "resulted" | "sampled";
export type BirthPrecision = "day" | "year";
export type Category = "access_log" | "certificates" | "facts" | "journeys" | "people" | "set_aside";
export type ClosingOutcome = "died" | "isolation_completed" | "not_confirmed" | "recovered" | "transferred";
export type ContactOutcome = "not_reached" | "reached" | "told_at_post" | "wrong_number";
export type DccType = "LP217198-3" | "LP6464-4";
export type Direction = "in" | "out" | "through";
export type DutyOf = "facility" | "locality" | "province" | "site";
export type Grounds = "asked_who_recorded" | "other" | "saw_the_book" | "saw_the_roster" | "saw_the_tube";
export type IdentitySeen = "card" | "document" | "known" | "no";
export type IncidentKind = "changed" | "lost" | "missent" | "other" | "seen" | "taken";
export type Language = "en" | "vi";
export type Method = "ag_rapid" | "rt_pcr";
export type PoolKind = "pool_at_collection" | "single";
export type PostKind = "bench" | "desk" | "lane" | "table";
export type Proof = "line" | "pin";
export type Purpose = "confirmatory" | "screening";
export type Reason = "contact" | "overdue" | "positive" | "recall";
export type ResetFor = "copied" | "lost" | "other" | "replaced";
export type ResultValue = "inconclusive" | "invalid" | "negative" | "positive" | "read_late";
export type RevocationReason = "superseded" | "withdrawn";
export type RevokedFor = "copied" | "lost" | "other" | "replaced";
export type Role = "data_entry" | "data_protection" | "lead" | "officer" | "physician" | "reading" | "sampling" | "signing" | "technician" | "traffic";
export type Sex = "female" | "male" | "other";
export type ShiftEnded = Record<string, never>;
export type SpecimenType = "nasal" | "nasopharyngeal" | "oropharyngeal" | "saliva";
export type Step = "closed" | "reported" | "told";
export type Way = "call" | "page" | "post";

export interface BadgeEnded {
  member: string;
}

export interface BadgeGiven {
  member: string;
}

export interface CategoryErased {
  category: string;
  before: string;
  basis: "period_over" | "purpose_done" | "recorded_wrongly" | "request";
}

export interface CertificateIssued {
  certificate: string;
  person_code: string;
  registration: string;
  facility: string;
  tube: string;
  result: string;
  named_by: string;
  born_by: string;
  uvci: string;
  kid: string;
  signature_hash: string;
  test_type: string;
  pool_size: number;
  category: string;
  sampled_at: string;
  resulted_at: string;
}

export interface CertificatePersonal {
  salt: string;
  text: string;
}

export interface CertificateRestored {
  certificate: string;
  step: number;
}

export interface CertificateRevoked {
  certificate: string;
  step: number;
  reason: RevocationReason;
}

export interface CertificateSuspended {
  certificate: string;
  step: number;
}

export interface ClockJumped {
  by: number;
}

export interface ClockMeasured {
  anchor: number;
  round_trip: number;
}

export interface ClockSettled {
  log: string;
  boot: string;
  anchor: number;
  reason: "compared" | "measured_since" | "other";
  facility?: string | null;
  site?: string | null;
}

export interface ClosingPersonal {
  salt: string;
  reason: string;
  paper?: string | null;
}

export interface CodeListed {
  register: string;
  code: string;
  vi: string;
  en: string;
  position?: number;
}

export interface CorrectionPersonal {
  salt: string;
  full_name?: string | null;
  birth_date?: string | null;
  id_number?: string | null;
}

export interface DeclarationPersonal {
  salt: string;
  plate: string | null;
  origin_words?: string | null;
  destination_words?: string | null;
}

export interface DeclarationSubmitted {
  registration: string;
  person_code: string;
  category: string;
  vehicle_class: string;
  direction: Direction;
  origin: UnitCode;
  destination: UnitCode;
  answers: Record<string, boolean>;
  notice: string;
  road?: string | null;
  site?: string | null;
  party?: string | null;
  companions?: number;
}

export interface DeviceEnrolled {
  device: string;
  name: string;
  public_key: string;
  facility?: string | null;
  site?: string | null;
}

export interface DeviceRevoked {
  device: string;
  facility?: string | null;
  site?: string | null;
  reason?: RevokedFor | null;
}

export interface DutyPersonal {
  salt: string;
  phone: string;
  full_name?: string | null;
}

export interface DutySet {
  of: DutyOf;
  code: string;
  since: string;
}

export interface EntryAdmitted {
  entry: string;
  grounds?: Grounds | null;
  facility?: string | null;
  site?: string | null;
  post?: string | null;
}

export interface EntryRefused {
  entry: string;
  grounds?: Grounds | null;
  facility?: string | null;
  site?: string | null;
  post?: string | null;
}

export interface EntryWithdrawn {
  entry: string;
  reason: "other" | "recorded_twice" | "slip_of_the_hand" | "wrong_person" | "wrong_tube";
}

export interface FacilityAuthorised {
  facility: string;
  since: string;
  document: string;
  methods: Method[];
  until?: string | null;
}

export interface FacilityRegistered {
  facility: string;
  name: string;
  address?: string;
}

export interface FacilityReinstated {
  facility: string;
  at: string;
}

export interface FacilitySuspended {
  facility: string;
  at: string;
  reason: "inspection" | "other" | "quality" | "request";
}

export interface FollowupClosed {
  person_code: string;
  outcome: ClosingOutcome;
  registration?: string | null;
  considered?: string[] | null;
  is_of_one?: boolean;
}

export interface FollowupContacted {
  facility: string;
  tube: string;
  person_code: string | null;
  reason: Reason;
  outcome: ContactOutcome;
}

export interface GrantEnded {
  grant: string;
  at: string;
}

export interface GrantGiven {
  member: string;
  role: Role;
  since: string;
  methods: Method[];
  until?: string | null;
  facility?: string | null;
  site?: string | null;
  post?: string | null;
}

export interface IncidentFollowed {
  incident: string;
  step: Step;
  at: string;
}

export interface IncidentRecorded {
  what: IncidentKind;
  people: number;
  noticed_at: string;
  document?: string;
}

export interface KitListed {
  code: string;
  name: string;
  test: string;
  earliest: number;
  latest: number;
  lots?: string[];
  dcc_device?: string | null;
  pool?: PoolProtocol | null;
}

export interface KitWithdrawn {
  kit: string;
  at: string;
}

export interface Marked {
  entry: string;
  reasons: ("authority_ended" | "came_late" | "facility_not_authorised" | "method_not_authorised" | "outside_shift")[];
}

export interface Member {
  person_code: string;
  registration: string | null;
  category: string | null;
  identity_seen: IdentitySeen;
}

export interface MemberLeft {
  member: string;
  at: string;
}

export interface MemberPersonal {
  salt: string;
  full_name: string;
  phone?: string | null;
}

export interface MemberRegistered {
  member: string;
  username: string;
}

export interface Named {
  person_code: string;
  registration: string;
}

export interface PasswordGiven {
  member: string;
}

export interface PersonCorrected {
  registration: string;
  person_code: string;
  corrects: ("birth" | "id_number" | "name")[];
  reason: "as_on_document" | "document_changed" | "other" | "typing_error";
  birth_year?: number | null;
  birth_precision?: BirthPrecision | null;
}

export interface PersonPersonal {
  salt: string;
  full_name: string;
  birth_date: string | null;
  id_number: string | null;
  phone: string | null;
  address?: string | null;
}

export interface PersonRegistered {
  person_code: string;
  page_digest: string | null;
  birth_year: number;
  birth_precision: BirthPrecision;
  sex: Sex;
  language: Language;
}

export interface PersonalErased {
  entry: string;
  basis: "period_over" | "purpose_done" | "recorded_wrongly" | "request";
  kept_with?: string | null;
}

export interface PoolProtocol {
  document: string;
  largest: number;
}

export interface PostClosed {
  post: string;
  at: string;
}

export interface PostOpened {
  site: string;
  site_name: string;
  kind: PostKind;
  name: string;
  facility: string;
  road?: string | null;
  latitude?: number | null;
  longitude?: number | null;
  position?: number;
}

export interface RegistrationLinked {
  registration: string;
  group: string;
  reason: "other" | "papers_seen" | "person_asked" | "wrong_before";
}

export interface RegistrationUnlinked {
  registration: string;
  reason: "other" | "papers_seen" | "person_asked" | "wrong_before";
}

export interface ResultCorrected {
  facility: string;
  tube: string;
  corrects: string;
  value: ResultValue;
  reason: "wrong_tube" | "wrong_value";
  line_seen?: boolean | null;
  ct?: number | null;
  collected_by?: string | null;
}

export interface ResultCountersigned {
  facility: string;
  tube: string;
  correction: string;
  collected_by?: string | null;
}

export interface ResultRecorded {
  facility: string;
  tube: string;
  test: string;
  value: ResultValue;
  kit?: string | null;
  lot?: string | null;
  run?: number;
  started?: number | null;
  read?: number;
  line_seen?: boolean | null;
  ct?: number | null;
  collected_by?: string | null;
}

export interface ResultResolved {
  facility: string;
  tube: string;
  stands: string;
  resulted_at: string;
  considered?: string[];
  marked?: Marked[];
  grounds?: Grounds | null;
}

export interface ResultTold {
  facility: string;
  tube: string;
  result: string;
  person_code: string;
  way: Way;
  contact?: string | null;
}

export interface RetentionSet {
  category: Category;
  days: number;
  since: string;
}

export interface RuleEnacted {
  code: string;
  anchor: Anchor | null;
  valid_for_hours: number | null;
  effective_from: string;
  legal_reference: string;
  category?: string | null;
  test_type?: string | null;
  effective_to?: string | null;
  territory?: UnitCode | null;
  document?: string | null;
  standing?: "january-2022" | "july-2021" | null;
}

export interface RuleRepealed {
  rule: string;
  at: string;
}

export interface SecondFactorReset {
  member: string;
  reason: ResetFor;
}

export interface ServerClockPutRight {
  since: string;
  until: string;
  reason: string;
}

export interface ShiftStarted {
  post: string;
  ticket: string;
  proof?: Proof;
  opened?: string | null;
}

export interface SpecimenCollected {
  facility: string;
  post: string;
  tube: string;
  pool_kind: PoolKind;
  specimen_type: "nasopharyngeal";
  test: string;
  members: Member[];
  kit?: string | null;
  is_household?: boolean;
}

export interface SpecimenResolved {
  facility: string;
  tube: string;
  stands: string;
  sampled_at: string;
  considered?: string[];
  marked?: Marked[];
  people?: Named[];
  grounds?: Grounds | null;
}

export interface TestListed {
  code: string;
  name: string;
  method: Method;
  purpose: Purpose;
  loinc: string;
  dcc_type: DccType;
  specimen_types: SpecimenType[];
  largest_pool: number;
  dcc_device?: string | null;
}

export interface TestStarted {
  facility: string;
  tubes: string[];
  test: string;
  kit?: string | null;
  lot?: string | null;
  collected_by?: string | null;
}

export interface TestWithdrawn {
  test: string;
  at: string;
}

export interface TextPublished {
  name: "privacy";
  version: string;
  digest: string;
  since: string;
}

export interface UnitCode {
  scheme: string;
  code: string;
}
