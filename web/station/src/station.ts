/** Puts the station together: store, clock, line, door and intake around one state. */
import { Courier } from "./courier.ts";
import { Declarer } from "./declarer.ts";
import { Door } from "./door.ts";
import { Intake } from "./intake/intake.ts";
import { newId } from "./keys/random.ts";
import { httpOver } from "./line/http.ts";
import { Timekeeper } from "./line/timekeeper.ts";
import { Recorder } from "./recorder.ts";
import type { Act } from "./rules/desk.ts";
import { EMPTY_DESK } from "./rules/desk.ts";
import { Safe } from "./safe.ts";
import { Kept } from "./kept.ts";
import { Holder, type State, withNews } from "./state.ts";
import { Store } from "./store/store.ts";
import type { Actions } from "./view.ts";

/** What the station needs from the browser. */
export interface Surroundings {
  fetch: typeof fetch;
  databases: IDBFactory;
  wall: () => number;
  counter: () => number;
  language: () => "vi" | "en";
  /** Hears that the store was closed under the station, which has stopped: only the page, loaded again, goes on. */
  storeLost: () => void;
}

async function restored(store: Store, now: number): Promise<Partial<State>> {
  const [device, session, shift, desk, entries, reached, isRevoked] = await Promise.all([
    store.get("device"),
    store.get("session"),
    store.get("shift"),
    store.get("desk"),
    store.entries(now),
    store.get("cursor"),
    store.get("isRevoked"),
  ]);
  const isFilling = reached?.isFilling ?? false;
  const opened = { device, session, shift, desk: shift && desk ? desk : EMPTY_DESK, entries };
  return { ...opened, isFilling, isRevoked: isRevoked ?? false };
}

interface Parts {
  recorder: Recorder;
  courier: Courier;
  door: Door;
  intake: Intake;
  safe: Safe;
  declarer: Declarer;
}

export class Station implements Actions {
  private constructor(
    readonly holder: Holder,
    private readonly clock: Timekeeper,
    private readonly parts: Parts,
  ) {}

  /** Opens the store and goes on where the last page stopped; the line may be down. Rejects without a store. */
  static async open({ fetch, databases, wall, counter, language, storeLost }: Surroundings): Promise<Station> {
    const stop = new AbortController();
    const store = await Store.open(databases, () => {
      stop.abort();
      storeLost();
    });
    const holder = new Holder();
    const http = httpOver(fetch, language);
    const clock = new Timekeeper(() => ({ wall: wall(), mono: counter() }), newId());
    const recorder = new Recorder(store, clock, holder);
    const safe = new Safe({ holder, store, clock });
    const courier = new Courier({ holder, store, http, clock, recorder, safe, stop: stop.signal });
    const door = new Door({ holder, store, http, clock, recorder, courier, safe, kept: new Kept(store) });
    const intake = new Intake({ holder, store, recorder, courier, counter, now: () => clock.now() });
    const declarer = new Declarer({ holder, store, recorder, intake, now: () => clock.now() });
    await store.forgetAcknowledged(clock.now());
    holder.change(await restored(store, clock.now()));
    holder.change(withNews(holder.state, { isBeginning: true, cards: await store.cards(), forgotten: [] }));
    if (!holder.state.session && !holder.state.shift) await safe.close();
    const station = new Station(holder, clock, { recorder, courier, door, intake, safe, declarer });
    station.tick();
    courier.go();
    return station;
  }

  /** Once a second: the time moves on, and a clock that was moved is noticed. */
  tick(): void {
    this.holder.change({ now: this.clock.now(), isClockDoubtful: this.clock.isDoubtful(), clockSkew: this.clock.skew() });
    void this.parts.recorder.recordJump();
    void this.parts.safe.look();
  }

  /** The browser believes that the line is back. */
  lineMayBeBack(): void {
    this.parts.courier.go();
  }

  enrol: Actions["enrol"] = (code, name) => this.parts.door.enrol(code, name);
  signIn: Actions["signIn"] = (username, password) => this.parts.door.signIn(username, password);
  signInByBadge: Actions["signInByBadge"] = (pin, newPin) => this.parts.door.signInByBadge(pin, newPin);
  askBadge: Actions["askBadge"] = (badge) => {
    this.holder.change({ badge });
  };
  signOut: Actions["signOut"] = (isMeant) => this.parts.door.signOut(isMeant);
  startShift: Actions["startShift"] = (site, post, testing) => this.parts.door.startShift(site, post, testing);
  chooseTesting: Actions["chooseTesting"] = (testing, person) => this.parts.door.chooseTesting(testing, person);
  scan: Actions["scan"] = (text, quality) => this.parts.intake.scan(text, quality);
  act = (act: Act): Promise<void> => this.parts.intake.act(act);
  declare: Actions["declare"] = (told, printed) => this.parts.declarer.declare(told, printed);
  askDeclare: Actions["askDeclare"] = (isWanted) => {
    this.holder.change({ isDeclaring: isWanted });
  };
  askEnrol: Actions["askEnrol"] = (isWanted) => {
    this.holder.change({ isEnrollingAgain: isWanted });
  };
  askSignIn: Actions["askSignIn"] = (isWanted) => {
    this.holder.change({ isSigningInAgain: isWanted, badge: null });
  };
}
