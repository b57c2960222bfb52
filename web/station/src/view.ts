/** The typed contract between the station and its screens: what they may show, and what they may ask for. */
import type { Refusal } from "./door.ts";
import type { Sentence } from "./language.ts";
import type { Quality } from "./rules/burst.ts";
import type { Told } from "./rules/declaring.ts";
import { type Caution, cautionOf } from "./rules/caution.ts";
import { type Act, type Desk, inHand, type Notice, type World } from "./rules/desk.ts";
import { dueAt, nextLine, type StandingPerson } from "./rules/next.ts";
import { type Light, lightOf, standingFor, vehicleOf } from "./rules/light.ts";
import { followed } from "./rules/outcome.ts";
import { companyOf, type Traveller } from "./rules/company.ts";
import { isRefused, personView, readLast, tray, type TubeView } from "./rules/overlay.ts";
import { seenBy } from "./rules/sights.ts";
import { standing } from "./rules/standing.ts";
import {
  choices,
  memberLimit,
  minutesSince,
  type ReadingWindow,
  startedAt,
  type Testing,
  type Timing,
  timing,
  windowOf,
} from "./rules/testing.ts";
import { minutesUntil } from "./rules/time.ts";
import { concerns, doesOne, isTrafficAlone, seesResults, type Works } from "./rules/works.ts";
import { type LineState, type Lookup, type Scanned, type State, worksOf, worldOf } from "./state.ts";
import type { Session, Shift, StoredEntry } from "./store/records.ts";

/** What screens may ask of the station. A refusal of null means it is done. */
export interface Actions {
  enrol(code: string, name: string): Promise<Refusal | null>;
  signIn(username: string, password: string): Promise<Refusal | null>;
  /** By the badge that was scanned and its PIN; `newPin` where the first one gives way to the owner's own. */
  signInByBadge(pin: string, newPin: string | null): Promise<Refusal | null>;
  /** A badge was scanned, or null: somebody would rather use a password. */
  askBadge(badge: string | null): void;
  signOut(isMeant: boolean): Promise<Refusal | null>;
  startShift(site: string, post: string, testing: Testing | null): Promise<void>;
  /** For one person alone where a code is given, otherwise for the shift. */
  chooseTesting(testing: Testing, person: string | null): Promise<void>;
  scan(text: string, quality: Quality): Promise<void>;
  act(act: Act): Promise<void>;
  askSignIn(isWanted: boolean): void;
  /** The form for a new code, where the device was revoked or forgotten. */
  askEnrol(isWanted: boolean): void;
  /** The form for somebody without a phone; what it holds is written down by `declare`. */
  askDeclare(isWanted: boolean): void;
  /** `printed`: the code already in their hand, on a card or a paper form; null gives them a new one. */
  declare(told: Told, printed: string | null): Promise<void>;
}

/** One light, large: of a vehicle with the people who declared for it, or of one person. */
export interface Lit extends Light {
  plate: string | null;
  people: number | null;
  /** Where the person's card is; of a vehicle null. */
  lookup: Lookup | null;
}

export type Stage = "enrol" | "sign_in" | "choose" | "work";

export interface TrayRow {
  tube: TubeView;
  /** The only one in it, as far as that is known here. */
  name: string | null;
  /** The vehicle they all came in, as far as that is known here. */
  plate: string | null;
  /** A window is read by minutes, and nobody has said since when. */
  canStart: boolean;
  /** Minutes until it may be read; negative when it is over; null if the time of sampling is not known. */
  minutes: number | null;
}

export interface Member {
  code: string;
  name: string | null;
  /** Whether the officer has seen who it is, by a paper; known of an open tube alone. */
  isSeen: boolean;
  /** E.164, where there is a reason to call. */
  phone: string | null;
}

/** A tube in hand, with its window: when it may be read, where it stands now, and the minutes since it was started. */
export interface TubeInHand extends TubeView {
  /** Its sampling has not arrived here. */
  isUnseen: boolean;
  due: number | null;
  window: ReadingWindow | null;
  timing: Timing;
  minutes: number | null;
  /** Nothing but a correction can be entered. */
  isDone: boolean;
}

export interface View {
  stage: Stage;
  session: Session | null;
  shift: Shift | null;
  line: LineState;
  isStuck: boolean;
  isFilling: boolean;
  isRevoked: boolean;
  /** Only a new code makes this device one of the province's again. */
  needsCode: boolean;
  isEnrollingAgain: boolean;
  /** The node, or the time, says that the sign-in is over: what is recorded now waits for a lead. */
  isTokenRefused: boolean;
  isSigningInAgain: boolean;
  badge: string | null;
  isDeclaring: boolean;
  /** The person code scanned last, where nobody is known by it here: it may be pre-printed. */
  printedCode: string | null;
  waiting: { count: number; since: number | null };
  /** Rejected, or held and not decided on yet, newest first. */
  attention: StoredEntry[];
  now: number;
  isClockDoubtful: boolean;
  /** Minutes by which this computer's clock is ahead of the node's, as measured; null while nobody has measured. */
  clockSkew: number | null;
  scanned: Scanned | null;
  /** As it is shown; what is heard never tells a result. */
  notice: Notice | null;
  heard: State["heard"];
  desk: Desk;
  /** What whoever is at work does here: only its steps are shown. */
  works: Works;
  /** With what these works may see of them. */
  person: StandingPerson | null;
  /** Who declared to travel with them; nobody for who sees no card. */
  company: Traveller[];
  /** What whoever sees no more than a light sees: of the vehicle, or of the person, scanned last. */
  light: Lit | null;
  caution: Caution | null;
  /** When the person's card was asked for (Unix ms), where it is not known whether it still says the same. */
  personAsOf: number | null;
  /** The tube whose result is in hand. */
  tube: TubeInHand | null;
  /** What the shift tests with, and everything that may be chosen. */
  testing: Testing | null;
  choices: Testing[];
  members: Member[];
  memberLimit: number;
  tray: TrayRow[];
  /** What was read last at this site, the newest first; nothing while a tube is in hand. */
  readLast: TubeView[];
  next: Sentence;
  /** Whether who is at work may report by the chosen test; what they report else waits for a lead. */
  isMethodGiven: boolean;
}

/** As many as stand under each other on a desk's screen. */
const SHOWN_LAST = 5;

function printedCodeOf({ scanned, persons, isRevoked }: State): View["printedCode"] {
  return scanned?.kind === "person" && !isRevoked && !persons.has(scanned.code) ? scanned.code : null;
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

/** The names of a tube's people, in the order of their codes: by their own cards, else by the tube's. */
function namesOf(tube: string, codes: readonly string[], { persons, tubeCards, shift }: State): (string | null)[] {
  const card = tubeCards.get(`${shift?.facility ?? ""}/${tube}`);
  const named = new Map(card?.members.map((member) => [member.person_code, member.full_name]));
  return codes.map((code) => persons.get(code)?.full_name ?? named.get(code) ?? null);
}

function membersOf(codes: readonly string[], state: State): Member[] {
  const { desk, persons } = state;
  const names = desk.step === "idle" ? [] : namesOf(desk.tube, codes, state);
  const seen = desk.step === "collecting" ? (desk.seen ?? {}) : {};
  return codes.map((code, index) => ({
    code,
    name: names[index] ?? null,
    isSeen: code in seen,
    phone: seesResults(worksOf(state)) ? (persons.get(code)?.phone ?? null) : null,
  }));
}

function personOf({ scanned, persons, tubes, now, isClockDoubtful }: State): View["person"] {
  if (scanned?.kind !== "person") return null;
  const person = personView(scanned.code, persons.get(scanned.code) ?? null, tubes);
  return { ...person, standing: standing(person, now, isClockDoubtful) };
}

/** What these works may see of a person: nothing of results where those are not theirs; who samples, what waits. */
function shownTo(works: Works, person: StandingPerson | null, { now, isClockDoubtful }: State): View["person"] {
  if (!person || seesResults(works)) return person;
  const card = person.card && seenBy(person.card, works);
  const tube = works.has("sampling") && person.tube?.state === "waiting" ? person.tube : null;
  const said = { card, tube, found: null, standing: standingFor(person, works, now, isClockDoubtful) };
  return { ...person, ...said, sampling: works.has("sampling") ? person.sampling : "any" };
}

/** The light of what was scanned last; of a person it is for who sees nothing else of them. */
function lightOfScanned(works: Works, person: StandingPerson | null, state: State): View["light"] {
  const { scanned, isRevoked } = state;
  if (isRevoked) return null;
  if (scanned?.kind === "vehicle" && works.has("traffic")) return lightOfVehicle(scanned.plate, state);
  if (scanned?.kind !== "person" || !person || !isTrafficAlone(works)) return null;
  return lightOfPerson(person, scanned.lookup, state);
}

function lightOfPerson(person: StandingPerson, lookup: Lookup, { now, isClockDoubtful }: State): Lit {
  return { ...lightOf(person, now, isClockDoubtful), plate: person.card?.plate ?? null, people: null, lookup };
}

function lightOfVehicle(plate: string, { persons, tubes, now, isClockDoubtful }: State): Lit {
  const { light, ...vehicle } = vehicleOf(plate, persons.values(), tubes, now, isClockDoubtful);
  return { ...light, ...vehicle, lookup: null };
}

function personAsOf({ scanned, askedAt }: State): View["personAsOf"] {
  return scanned?.kind === "person" && scanned.lookup !== "known" ? (askedAt.get(scanned.code) ?? null) : null;
}

/** The one value that all of them have. */
function shared(values: readonly (string | null | undefined)[]): string | null {
  const [first] = values;
  return first && values.every((each) => each === first) ? first : null;
}

function trayOf(state: State, world: World): TrayRow[] {
  const { tubes, shift, now, persons } = state;
  return tray(tubes, shift?.site ?? "").map((tube) => {
    const due = dueAt(tube, world);
    const isOfShift = tube.test === world.testing?.test && windowOf(tube, world.testing, world.choices) !== null;
    return {
      tube,
      name: tube.members.length === 1 ? (namesOf(tube.tube, tube.members, state)[0] ?? null) : null,
      plate: shared(tube.members.map((code) => persons.get(code)?.plate)),
      canStart: isOfShift && tube.startedAt === null,
      minutes: due === null ? null : minutesUntil(due, now),
    };
  });
}

function tubeOf({ desk, tubes, now }: State, world: World): TubeInHand | null {
  const tube = inHand(desk, world);
  if (!tube) return null;
  const window = windowOf(tube, world.testing, world.choices);
  const isOfTest = tube.test === world.testing?.test;
  return {
    ...tube,
    isUnseen: desk.step === "resulting" && desk.isUnseen === true && !tubes.has(tube.tube),
    due: dueAt(tube, world),
    window,
    timing: timing(tube, window, now),
    minutes: minutesSince(startedAt(tube), now),
    isDone: tube.state === "resulted" && isOfTest && (!tube.asksAgain || tube.value === "read_late"),
  };
}

function isMethodGiven({ session, shift }: State, { testing }: World): boolean {
  const site = session?.sites.find(({ code }) => code === shift?.site);
  return !site?.methods || !testing || site.methods.includes(testing.method);
}

type AtWork = Pick<
  View,
  | "works"
  | "notice"
  | "person"
  | "company"
  | "light"
  | "caution"
  | "personAsOf"
  | "tube"
  | "members"
  | "memberLimit"
  | "tray"
  | "readLast"
  | "next"
  | "testing"
  | "choices"
  | "isMethodGiven"
>;

const inTube = (desk: Desk): readonly string[] => (desk.step === "collecting" ? desk.members : []);

/** Whoever was scanned last, as these works may see them, and what is done next. */
function personAt(
  state: State,
  world: World,
): Pick<View, "person" | "company" | "light" | "caution" | "personAsOf" | "next"> {
  const { works } = world;
  const whole = personOf(state);
  const person = shownTo(works, whole, state);
  const light = lightOfScanned(works, whole, state);
  const isCautioned = doesOne(works, "sampling", "reading", "signing");
  return {
    person,
    company: person && !light ? companyOf(person.code, state.persons, inTube(state.desk)) : [],
    light,
    caution: whole && isCautioned ? cautionOf(whole, world) : null,
    personAsOf: personAsOf(state),
    next: light?.colour === "valid" ? { key: "next.traffic_valid" } : nextLine(state.desk, person, world),
  };
}

/** What waits to be read, for who reads, and what was read last, for who may see what it said. */
function besideDesk(state: State, world: World): Pick<View, "tray" | "readLast"> {
  const { works, place } = world;
  const isIdle = state.desk.step === "idle";
  return {
    tray: works.has("reading") ? trayOf(state, world) : [],
    readLast: isIdle && seesResults(works) ? readLast(state.tubes, place.site, SHOWN_LAST) : [],
  };
}

/** What lies on the desk and beside it. */
function workOf(state: State): AtWork {
  const { desk } = state;
  const world = worldOf(state);
  const { works } = world;
  const tube = seesResults(works) ? tubeOf(state, world) : null;
  return {
    works,
    notice: followed(state.notice, tube),
    ...personAt(state, world),
    tube,
    members: membersOf(desk.step === "collecting" ? desk.members : (tube?.members ?? []), state),
    memberLimit: memberLimit(world.testing),
    ...besideDesk(state, world),
    testing: world.testing,
    isMethodGiven: isMethodGiven(state, world),
    choices: choices(state.session?.tests ?? []),
  };
}

const isUndecided = (entry: StoredEntry): boolean =>
  entry.state === "rejected" || (entry.state === "held" && !isRefused(entry));

export function viewOf(state: State): View {
  const works = worksOf(state);
  return {
    ...workOf(state),
    stage: stageOf(state),
    session: state.session,
    shift: state.shift,
    line: state.line,
    isStuck: state.isStuck,
    isFilling: state.isFilling,
    isRevoked: state.isRevoked,
    needsCode: state.device !== null && (state.isRevoked || state.isForgotten),
    isEnrollingAgain: state.isEnrollingAgain,
    isTokenRefused: state.isTokenRefused || (state.session !== null && state.session.expires_at <= state.now),
    isSigningInAgain: state.isSigningInAgain,
    badge: state.badge,
    isDeclaring: state.isDeclaring && works.has("data_entry"),
    printedCode: printedCodeOf(state),
    waiting: waitingOf(state.entries),
    attention: state.entries.filter((entry) => isUndecided(entry) && concerns(entry.happening.kind, works)).reverse(),
    now: state.now,
    isClockDoubtful: state.isClockDoubtful,
    clockSkew: state.clockSkew === null ? null : Math.round(state.clockSkew / 60_000),
    scanned: state.scanned,
    heard: state.heard,
    desk: state.desk,
  };
}
