/** Declares for somebody without a phone, with the line down too: two entries, and a card until the province's comes. */
import { newCode } from "../../shared/src/codes.ts";
import { randomBytes, newSalt } from "./keys/random.ts";
import type { Intake } from "./intake/intake.ts";
import type { Recorder } from "./recorder.ts";
import { cardOf, declared, registered, type Told } from "./rules/declaring.ts";
import { type Holder, withNews, worksOf } from "./state.ts";
import type { Store } from "./store/store.ts";

/** As long as the feed keeps whoever was seen here. */
const KEPT_MS = 72 * 3_600_000;

interface DeclarerParts {
  holder: Holder;
  store: Store;
  recorder: Recorder;
  intake: Intake;
  now: () => number;
}

export class Declarer {
  constructor(private readonly parts: DeclarerParts) {}

  /**
   * Writes both entries down and takes up whom they are about, as if their code had been scanned. `printed` is the code
   * on the card or the paper form in their hand, which nobody has yet; without one they get a new code.
   */
  async declare(told: Told, printed: string | null): Promise<void> {
    const { holder, store, recorder, intake, now } = this.parts;
    const { shift } = holder.state;
    if (!shift || !worksOf(holder.state).has("data_entry")) return;
    const code = printed ?? newCode("P", randomBytes());
    const registration = await recorder.record(registered(told, code, newSalt()));
    await recorder.record(declared(told, code, registration, shift.site, newSalt()));
    const at = now();
    const body = cardOf(told, code, registration, new Date(at).toISOString());
    const head = { id: code, version: 0, expires_at: at + KEPT_MS, asked_at: at };
    const news = await store.putCards([{ kind: "person", ...head, body }]);
    holder.change({ ...withNews(holder.state, news), isDeclaring: false });
    await intake.takePerson(code, printed === null);
  }
}
