/** Holds the station's clock and measures it against the node. */
import {
  type Clock,
  type ClockStamp,
  effective,
  isDoubtful,
  jump,
  jumped,
  measured,
  type ClockReading,
  skew,
  stamp,
  startClock,
} from "../rules/clock.ts";
import type { Answer, Http } from "./http.ts";

/** Measure again after this much of the counter (ms). */
const MEASURE_EVERY = 15 * 60_000;

export interface Measurement {
  anchor: number;
  round_trip: number;
}

/** The time that this node said (Unix ms), or null: a time by another one is nobody's. */
function timeOf(answer: Answer, node: string): number | null {
  if (answer.kind !== "answered") return null;
  const said = answer.json as { now?: unknown; node?: unknown };
  return said.node === node && typeof said.now === "number" ? said.now : null;
}

/** Whether the node that enrolled this device is reached, whatever else answers at its address. */
export async function isReached(http: Http, node: string): Promise<boolean> {
  return timeOf(await http({ path: "/api/v1/clock" }), node) !== null;
}

export class Timekeeper {
  private clock: Clock;
  private measuredAt: number | null = null;

  /** `read` reads wall and counter at once; `boot` names this run of the counter. */
  constructor(
    private readonly read: () => ClockReading,
    boot: string,
  ) {
    this.clock = startClock(boot, read());
  }

  now(): number {
    return effective(this.clock, this.read());
  }

  stamp(): ClockStamp {
    return stamp(this.clock, this.read());
  }

  skew(): number | null {
    return skew(this.clock, this.read());
  }

  isDoubtful(): boolean {
    return isDoubtful(this.clock, this.read());
  }

  /** By how much the wall clock was moved since this was last asked, or null. */
  noticeJump(): number | null {
    const reading = this.read();
    const by = jump(this.clock, reading);
    if (by !== null) this.clock = jumped(this.clock, reading);
    return by;
  }

  isMeasurementDue(): boolean {
    return (
      this.clock.state !== "good" || this.measuredAt === null || this.read().mono - this.measuredAt > MEASURE_EVERY
    );
  }

  /** Asks the node for its time; null if it did not answer, or another one did. */
  async measure(http: Http, node: string): Promise<Measurement | null> {
    const asked = this.read();
    const answer = await http({ path: "/api/v1/clock" });
    const reading = this.read();
    const now = timeOf(answer, node);
    if (now === null) return null;
    const roundTrip = reading.mono - asked.mono;
    this.clock = measured(this.clock, reading, now, roundTrip);
    this.measuredAt = reading.mono;
    return { anchor: this.clock.anchor ?? 0, round_trip: Math.round(roundTrip) };
  }
}
