/** Times as people read them: Viet Nam's clock (UTC+7 all year), dd/mm/yyyy, 24 hours. */

const OFFSET = 7 * 3_600_000;

const two = (value: number): string => String(value).padStart(2, "0");

/** `14:05`; `at` in Unix ms. */
export function hourMinute(at: number): string {
  const local = new Date(at + OFFSET);
  return `${two(local.getUTCHours())}:${two(local.getUTCMinutes())}`;
}

/** `20/07/2021`. */
export function dayMonthYear(at: number): string {
  const local = new Date(at + OFFSET);
  return `${two(local.getUTCDate())}/${two(local.getUTCMonth() + 1)}/${local.getUTCFullYear()}`;
}

/** `14:05` for a time of the same day as `now`, otherwise `14:05 20/07/2021`. */
export function shortTime(at: number, now: number): string {
  return dayMonthYear(at) === dayMonthYear(now) ? hourMinute(at) : `${hourMinute(at)} ${dayMonthYear(at)}`;
}

/** `14:05 20/07/2021`, whatever day it is now. */
export const fullTime = (at: number): string => `${hourMinute(at)} ${dayMonthYear(at)}`;

/** Unix ms of a time as the protocol writes it, or null. */
export function instant(text: string | null | undefined): number | null {
  const at = text ? Date.parse(text) : NaN;
  return Number.isNaN(at) ? null : at;
}

/** Whole minutes from `now` to `at`, rounded up: what is left to wait. */
export function minutesUntil(at: number, now: number): number {
  return Math.ceil((at - now) / 60_000);
}
