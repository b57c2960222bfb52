/** One person is tested otherwise than the shift: it goes back to its own test when their tube is closed, or they leave. */
import type { Act, Desk } from "../rules/desk.ts";
import type { Shift } from "../store/records.ts";

/** The shift with its own test again, or null where nothing changes. */
export const back = (shift: Shift | null): Shift | null =>
  shift?.once ? { ...shift, testing: shift.once.usual, once: null } : null;

/** Before `act`: somebody else comes to the window, and nobody is in the open tube yet; or it is put away. */
export function backBefore(shift: Shift | null, desk: Desk, act: Act): Shift | null {
  if (!shift?.once || (desk.step === "collecting" && desk.members.length > 0)) return null;
  const isOther = act.kind === "person" && act.code !== shift.once.person;
  return isOther || act.kind === "cancel" ? back(shift) : null;
}
