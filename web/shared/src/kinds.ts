/** What can happen, by kind. Written by ./chotxanh document: do not edit. */
import type * as payloads from "./payloads.ts";

export type Happening =
  | { kind: "badge.ended"; facts: payloads.BadgeEnded }
  | { kind: "badge.given"; facts: payloads.BadgeGiven }
  | { kind: "category.erased"; facts: payloads.CategoryErased }
  | { kind: "certificate.issued"; facts: payloads.CertificateIssued; personal: payloads.CertificatePersonal }
  | { kind: "certificate.restored"; facts: payloads.CertificateRestored }
  | { kind: "certificate.revoked"; facts: payloads.CertificateRevoked }
  | { kind: "certificate.suspended"; facts: payloads.CertificateSuspended }
  | { kind: "clock.jumped"; facts: payloads.ClockJumped }
  | { kind: "clock.measured"; facts: payloads.ClockMeasured }
  | { kind: "clock.settled"; facts: payloads.ClockSettled }
  | { kind: "code.listed"; facts: payloads.CodeListed }
  | { kind: "declaration.submitted"; facts: payloads.DeclarationSubmitted; personal: payloads.DeclarationPersonal }
  | { kind: "device.enrolled"; facts: payloads.DeviceEnrolled }
  | { kind: "device.revoked"; facts: payloads.DeviceRevoked }
  | { kind: "duty.set"; facts: payloads.DutySet; personal: payloads.DutyPersonal }
  | { kind: "entry.admitted"; facts: payloads.EntryAdmitted }
  | { kind: "entry.refused"; facts: payloads.EntryRefused }
  | { kind: "entry.withdrawn"; facts: payloads.EntryWithdrawn }
  | { kind: "facility.authorised"; facts: payloads.FacilityAuthorised }
  | { kind: "facility.registered"; facts: payloads.FacilityRegistered }
  | { kind: "facility.reinstated"; facts: payloads.FacilityReinstated }
  | { kind: "facility.suspended"; facts: payloads.FacilitySuspended }
  | { kind: "followup.closed"; facts: payloads.FollowupClosed; personal: payloads.ClosingPersonal }
  | { kind: "followup.contacted"; facts: payloads.FollowupContacted }
  | { kind: "grant.ended"; facts: payloads.GrantEnded }
  | { kind: "grant.given"; facts: payloads.GrantGiven }
  | { kind: "incident.followed"; facts: payloads.IncidentFollowed }
  | { kind: "incident.recorded"; facts: payloads.IncidentRecorded }
  | { kind: "kit.listed"; facts: payloads.KitListed }
  | { kind: "kit.withdrawn"; facts: payloads.KitWithdrawn }
  | { kind: "member.left"; facts: payloads.MemberLeft }
  | { kind: "member.registered"; facts: payloads.MemberRegistered; personal: payloads.MemberPersonal }
  | { kind: "password.given"; facts: payloads.PasswordGiven }
  | { kind: "person.corrected"; facts: payloads.PersonCorrected; personal: payloads.CorrectionPersonal }
  | { kind: "person.registered"; facts: payloads.PersonRegistered; personal: payloads.PersonPersonal }
  | { kind: "personal.erased"; facts: payloads.PersonalErased }
  | { kind: "post.closed"; facts: payloads.PostClosed }
  | { kind: "post.opened"; facts: payloads.PostOpened }
  | { kind: "registration.linked"; facts: payloads.RegistrationLinked }
  | { kind: "registration.unlinked"; facts: payloads.RegistrationUnlinked }
  | { kind: "result.corrected"; facts: payloads.ResultCorrected }
  | { kind: "result.countersigned"; facts: payloads.ResultCountersigned }
  | { kind: "result.recorded"; facts: payloads.ResultRecorded }
  | { kind: "result.resolved"; facts: payloads.ResultResolved }
  | { kind: "result.told"; facts: payloads.ResultTold }
  | { kind: "retention.set"; facts: payloads.RetentionSet }
  | { kind: "rule.enacted"; facts: payloads.RuleEnacted }
  | { kind: "rule.repealed"; facts: payloads.RuleRepealed }
  | { kind: "second_factor.reset"; facts: payloads.SecondFactorReset }
  | { kind: "server_clock.put_right"; facts: payloads.ServerClockPutRight }
  | { kind: "shift.ended"; facts: Record<string, never> }
  | { kind: "shift.started"; facts: payloads.ShiftStarted }
  | { kind: "specimen.collected"; facts: payloads.SpecimenCollected }
  | { kind: "specimen.resolved"; facts: payloads.SpecimenResolved }
  | { kind: "test.listed"; facts: payloads.TestListed }
  | { kind: "test.started"; facts: payloads.TestStarted }
  | { kind: "test.withdrawn"; facts: payloads.TestWithdrawn }
  | { kind: "text.published"; facts: payloads.TextPublished };

/** The newest version of each kind, which is what is written. */
export const VERSIONS: Record<Happening["kind"], number> = {
  "badge.ended": 1,
  "badge.given": 1,
  "category.erased": 1,
  "certificate.issued": 1,
  "certificate.restored": 1,
  "certificate.revoked": 1,
  "certificate.suspended": 1,
  "clock.jumped": 1,
  "clock.measured": 1,
  "clock.settled": 1,
  "code.listed": 1,
  "declaration.submitted": 1,
  "device.enrolled": 1,
  "device.revoked": 1,
  "duty.set": 1,
  "entry.admitted": 1,
  "entry.refused": 1,
  "entry.withdrawn": 1,
  "facility.authorised": 1,
  "facility.registered": 1,
  "facility.reinstated": 1,
  "facility.suspended": 1,
  "followup.closed": 3,
  "followup.contacted": 1,
  "grant.ended": 1,
  "grant.given": 1,
  "incident.followed": 1,
  "incident.recorded": 1,
  "kit.listed": 1,
  "kit.withdrawn": 1,
  "member.left": 1,
  "member.registered": 1,
  "password.given": 1,
  "person.corrected": 1,
  "person.registered": 1,
  "personal.erased": 1,
  "post.closed": 1,
  "post.opened": 1,
  "registration.linked": 1,
  "registration.unlinked": 1,
  "result.corrected": 1,
  "result.countersigned": 1,
  "result.recorded": 1,
  "result.resolved": 1,
  "result.told": 1,
  "retention.set": 1,
  "rule.enacted": 1,
  "rule.repealed": 1,
  "second_factor.reset": 1,
  "server_clock.put_right": 1,
  "shift.ended": 1,
  "shift.started": 1,
  "specimen.collected": 1,
  "specimen.resolved": 1,
  "test.listed": 1,
  "test.started": 1,
  "test.withdrawn": 1,
  "text.published": 1,
};
