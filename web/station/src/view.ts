/** The typed contract between the station and its screens: what they may show, and what they may ask for. */
import type { Refusal } from "./door.ts";
import type { Sentence } from "./language.ts";
import type { Quality } from "./rules/burst.ts";
import type { Act, Desk, Notice, World } from "./rules/desk.ts";
import { memberLimit } from "./rules/desk.ts";
import { dueAt, nextLine, type StandingPerson } from "./rules/next.ts";
import { followed } from "./rules/outcome.ts";
import { personView, tray, type TubeView } from "./rules/overlay.ts";
import { standing } from "./rules/standing.ts";
import { minutesUntil } from "./rules/time.ts";
import type { LineState, Scanned, State } from "./state.ts";
import type { Session, Shift, StoredEntry } from "./store/records.ts";

/** What screens may ask of the station. A refusal of null means it is done. */
export interface Actions {
  enrol(code: string, name: string): Promise<Refusal | null>;
  signIn(username: string, password: string): Promise<Refusal | null>;
  signOut(isMeant: boolean): Promise<Refusal | null>;
  startShift(site: string, post: string): Promise<void>;
  scan(text: string, quality: Quality): Promise<void>;
  act(act: Act): Promise<void>;
  askSignIn(isWanted: boolean): void;
}

/** Until a sign-in says otherwise. */
const DEFAULTS = { result_after_minutes: 15, pool_limit: 10 };

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
  isFilling: boolean;
  isRevoked: boolean;
  isTokenRefused: boolean;
  isSigningInAgain: boolean;
  waiting: { count: number; since: number | null };
  /** Rejected or held, newest first. */
  attention: StoredEntry[];
  now: number;
  isClockDoubtful: boolean;
  scanned: Scanned | null;
  /** As it is shown; what is heard never tells a result. */
  notice: Notice | null;
  heard: State["heard"];
  desk: Desk;
  person: StandingPerson | null;
  /** When the person's card was asked for (Unix ms), where it is not known whether it still says the same. */
  personAsOf: number | null;
  /** The tube whose result is in hand. */
  tube: (TubeView & { due: number | null }) | null;
  members: Member[];
  memberLimit: number;
  tray: TrayRow[];
  next: Sentence;
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

function membersOf(codes: readonly string[], { persons, tubeCards, shift, desk }: State): Member[] {
  const card = desk.step === "idle" ? undefined : tubeCards.get(`${shift?.facility ?? ""}/${desk.tube}`);
  const named = new Map(card?.members.map((member) => [member.person_code, member.full_name]));
  return codes.map((code) => ({ code, name: persons.get(code)?.full_name ?? named.get(code) ?? null }));
}

function personOf({ scanned, persons, tubes, now }: State): View["person"] {
  if (scanned?.kind !== "person") return null;
  const person = personView(scanned.code, persons.get(scanned.code) ?? null, tubes);
  return { ...person, standing: standing(person, now) };
}

function personAsOf({ scanned, askedAt }: State): View["personAsOf"] {
  return scanned?.kind === "person" && scanned.lookup !== "known" ? (askedAt.get(scanned.code) ?? null) : null;
}

function trayOf({ tubes, shift, now }: State, resultAfterMinutes: number): TrayRow[] {
  return tray(tubes, shift?.site ?? "").map((tube) => {
    const due = dueAt(tube, resultAfterMinutes);
    return { tube, minutes: due === null ? null : minutesUntil(due, now) };
  });
}

function tubeOf({ desk, tubes }: State, resultAfterMinutes: number): View["tube"] {
  const tube = desk.step === "resulting" ? tubes.get(desk.tube) : undefined;
  return tube ? { ...tube, due: dueAt(tube, resultAfterMinutes) } : null;
}

function worldOf({ shift, tubes, persons, isRevoked }: State, poolLimit: number): World {
  const { facility, site, post } = shift ?? { facility: "", site: "", post: "" };
  return { place: { facility, site, post }, tubes, persons, poolLimit, isRevoked };
}

type Work = Pick<
  View,
  "notice" | "person" | "personAsOf" | "tube" | "members" | "memberLimit" | "tray" | "next"
>;

/** What lies on the desk and beside it. */
function workOf(state: State): Work {
  const { desk, now } = state;
  const { result_after_minutes: resultAfterMinutes, pool_limit: poolLimit } = state.session ?? DEFAULTS;
  const world = worldOf(state, poolLimit);
  const person = personOf(state);
  const tube = tubeOf(state, resultAfterMinutes);
  return {
    notice: followed(state.notice, tube),
    person,
    personAsOf: personAsOf(state),
    tube,
    members: desk.step === "collecting" ? membersOf(desk.members, state) : tube ? membersOf(tube.members, state) : [],
    memberLimit: memberLimit(world),
    tray: trayOf(state, resultAfterMinutes),
    next: nextLine(desk, person, world, { now, resultAfterMinutes }),
  };
}

export function viewOf(state: State): View {
  return {
    ...workOf(state),
    stage: stageOf(state),
    session: state.session,
    shift: state.shift,
    line: state.line,
    isStuck: state.isStuck,
    isFilling: state.isFilling,
    isRevoked: state.isRevoked,
    isTokenRefused: state.isTokenRefused,
    isSigningInAgain: state.isSigningInAgain,
    waiting: waitingOf(state.entries),
    attention: state.entries.filter(({ state: at }) => at === "rejected" || at === "held").reverse(),
    now: state.now,
    isClockDoubtful: state.isClockDoubtful,
    scanned: state.scanned,
    heard: state.heard,
    desk: state.desk,
  };
}
