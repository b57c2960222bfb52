/** The typed contract between the station and its screens: what they may show, and what they may ask for. */
import type { Refusal } from "./access.ts";
import type { Act, Desk, Notice, World } from "./rules/desk.ts";
import { memberLimit } from "./rules/desk.ts";
import { dueAt, type Line, nextLine } from "./rules/next.ts";
import { personView, type PersonView, tray, type TubeView } from "./rules/overlay.ts";
import { type Standing, standing } from "./rules/standing.ts";
import { minutesUntil } from "./rules/time.ts";
import type { LineState, Scanned, State } from "./state.ts";
import type { Session, Shift, StoredEntry } from "./store/records.ts";

/** What screens may ask of the station. A refusal of null means it is done. */
export interface Actions {
  enrol(code: string, name: string): Promise<Refusal | null>;
  signIn(username: string, password: string): Promise<Refusal | null>;
  signOut(): Promise<Refusal | null>;
  startShift(checkpoint: string, lane: string): Promise<void>;
  scan(text: string, isDamaged: boolean): Promise<void>;
  act(act: Act): Promise<void>;
  askSignIn(isWanted: boolean): void;
}

export type Stage = "enrol" | "sign_in" | "choose" | "work";

export interface TrayRow {
  tube: TubeView;
  /** Minutes until it may be read; negative when it is over; null if the time of sampling is not known. */
  minutes: number | null;
}

export interface Member {
  code: string;
  name: string | null;
}

export interface View {
  stage: Stage;
  session: Session | null;
  shift: Shift | null;
  line: LineState;
  isStuck: boolean;
  isTokenRefused: boolean;
  isSigningInAgain: boolean;
  waiting: { count: number; since: number | null };
  /** Rejected or held, newest first. */
  attention: StoredEntry[];
  now: number;
  isClockDoubtful: boolean;
  scanned: Scanned | null;
  notice: Notice | null;
  heard: State["heard"];
  desk: Desk;
  person: (PersonView & { standing: Standing }) | null;
  /** The tube whose result is in hand. */
  tube: (TubeView & { due: number | null }) | null;
  members: Member[];
  memberLimit: number;
  tray: TrayRow[];
  next: Line;
}

function stageOf({ device, session, shift }: State): Stage {
  if (!device) return "enrol";
  if (shift) return "work";
  return session ? "choose" : "sign_in";
}

function waitingOf(entries: readonly StoredEntry[]): View["waiting"] {
  const waiting = entries.filter((entry) => entry.state === "waiting");
  return { count: waiting.length, since: waiting.length > 0 ? Math.min(...waiting.map((entry) => entry.at)) : null };
}

function membersOf(codes: readonly string[], { persons, tubeCards, shift }: State, tube: string | null): Member[] {
  const card = tubeCards.get(`${shift?.facility ?? ""}/${tube ?? ""}`);
  const named = new Map(card?.members.map((member) => [member.person_code, member.full_name]));
  return codes.map((code) => ({ code, name: persons.get(code)?.full_name ?? named.get(code) ?? null }));
}

function personOf({ scanned, persons, tubes, now }: State): View["person"] {
  if (scanned?.kind !== "person") return null;
  const person = personView(scanned.code, persons.get(scanned.code) ?? null, tubes);
  return { ...person, standing: standing(person, now) };
}

function trayOf({ tubes, shift, now }: State, resultAfterMinutes: number): TrayRow[] {
  return tray(tubes, shift?.checkpoint ?? "").map((tube) => {
    const due = dueAt(tube, resultAfterMinutes);
    return { tube, minutes: due === null ? null : minutesUntil(due, now) };
  });
}

function tubeOf({ desk, tubes }: State, resultAfterMinutes: number): View["tube"] {
  const tube = desk.step === "resulting" ? tubes.get(desk.tube) : undefined;
  return tube ? { ...tube, due: dueAt(tube, resultAfterMinutes) } : null;
}

function worldOf({ shift, tubes }: State, poolLimit: number): World {
  const { facility, checkpoint, lane } = shift ?? { facility: "", checkpoint: "", lane: "" };
  return { place: { facility, checkpoint, lane }, tubes, poolLimit };
}

export function viewOf(state: State): View {
  const { session, shift, desk, now } = state;
  const resultAfterMinutes = session?.result_after_minutes ?? 15;
  const world = worldOf(state, session?.pool_limit ?? 10);
  const person = personOf(state);
  const tube = tubeOf(state, resultAfterMinutes);
  const codes = desk.step === "collecting" ? desk.members : (tube?.members ?? []);
  return {
    stage: stageOf(state),
    session,
    shift,
    line: state.line,
    isStuck: state.isStuck,
    isTokenRefused: state.isTokenRefused,
    isSigningInAgain: state.isSigningInAgain,
    waiting: waitingOf(state.entries),
    attention: state.entries.filter(({ state: at }) => at === "rejected" || at === "held").reverse(),
    now,
    isClockDoubtful: state.isClockDoubtful,
    scanned: state.scanned,
    notice: state.notice,
    heard: state.heard,
    desk,
    person,
    tube,
    members: membersOf(codes, state, tube?.tube ?? null),
    memberLimit: memberLimit(world),
    tray: trayOf(state, resultAfterMinutes),
    next: nextLine(desk, person, world, { now, resultAfterMinutes }),
  };
}
