/** Which test a shift does and with which kit: what may share a tube, and when a line may be read (field rules A5, A6). */
import type { TubeView } from "./overlay.ts";

export type Method = "ag_rapid" | "rt_pcr";

/** Minutes after the test was started within which it may be read, both inclusive. */
export interface ReadingWindow {
  earliest: number;
  latest: number;
}

/** A kit in use, as a sign-in tells it. */
export interface OfferedKit extends ReadingWindow {
  id: string;
  name: string;
  largest_pool: number;
  lots: string[];
}

/** A test in use with its kits; `largest_pool` holds where it has none. */
export interface OfferedTest {
  id: string;
  name: string;
  method: Method;
  largest_pool: number;
  kits: OfferedKit[];
}

/** What is chosen once a shift: a test and, where it has kits, one of them with its lot. */
export interface Testing {
  test: string;
  testName: string;
  method: Method;
  kit: string | null;
  kitName: string | null;
  lot: string | null;
  window: ReadingWindow | null;
  largestPool: number;
}

/** The protocol's cap, whatever registers say. */
const MEMBERS_CAP = 20;
const MINUTE = 60_000;

function ofKit({ id, name, method }: OfferedTest, kit: OfferedKit): Testing[] {
  const lots = kit.lots.length > 0 ? kit.lots : [null];
  const { earliest, latest } = kit;
  return lots.map((lot) => ({
    test: id,
    testName: name,
    method,
    kit: kit.id,
    kitName: kit.name,
    lot,
    window: { earliest, latest },
    largestPool: kit.largest_pool,
  }));
}

/** Everything that may be chosen. A rapid test cannot be read without a kit that says when. */
export function choices(tests: readonly OfferedTest[]): Testing[] {
  return tests.flatMap((test) => {
    if (test.kits.length > 0) return test.kits.flatMap((kit) => ofKit(test, kit));
    if (test.method === "ag_rapid") return [];
    const plain = { kit: null, kitName: null, lot: null, window: null };
    return [{ test: test.id, testName: test.name, method: test.method, ...plain, largestPool: test.largest_pool }];
  });
}

/** A choice as one text. */
export const keyOf = ({ test, kit, lot }: Testing): string => [test, kit ?? "", lot ?? ""].join("/");

export function memberLimit(testing: Testing | null): number {
  return Math.max(1, Math.min(testing?.largestPool ?? 1, MEMBERS_CAP));
}

/** When a tube is read: by the kit it was taken for, or that of the shift; one that is tested otherwise by the latter. */
export function windowOf(tube: TubeView, testing: Testing | null, all: readonly Testing[]): ReadingWindow | null {
  if (tube.state === "resulted" && testing && testing.test !== tube.test) return testing.window;
  const own = tube.kit === null ? undefined : all.find(({ kit }) => kit === tube.kit);
  if (own) return own.window;
  return testing?.test === tube.test ? testing.window : null;
}

/**
 * When the test of a tube was started (Unix ms): by its tray's scan, or when the tube was closed; null if unknown. A test
 * that is done again begins with a scan of its own.
 */
export function startedAt(tube: TubeView): number | null {
  if (!tube.asksAgain) return tube.startedAt ?? tube.sampledAt;
  return tube.startedAt !== null && tube.startedAt > (tube.resultedAt ?? 0) ? tube.startedAt : null;
}

/** Unix ms from and until which a tube may be read; null where nothing says so. */
export function readable(tube: TubeView, window: ReadingWindow | null): { from: number; until: number } | null {
  const start = startedAt(tube);
  if (start === null || window === null) return null;
  return { from: start + window.earliest * MINUTE, until: start + window.latest * MINUTE };
}

/** Where a tube stands within its window at `now`. */
export type Timing = "not_started" | "early" | "in_time" | "late";

export function timing(tube: TubeView, window: ReadingWindow | null, now: number): Timing {
  const span = readable(tube, window);
  if (span === null && window !== null && tube.asksAgain) return "not_started";
  if (span === null || (now >= span.from && now <= span.until)) return "in_time";
  return now < span.from ? "early" : "late";
}

/** Whole minutes that have passed since the test was started; null if that is not known. */
export function minutesSince(start: number | null, now: number): number | null {
  return start === null ? null : Math.max(0, Math.floor((now - start) / MINUTE));
}
