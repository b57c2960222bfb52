/** A whole station without its screens, at its node: what tests of more than one matter share. */
import { IDBFactory } from "fake-indexeddb";
import { expect, vi } from "vitest";
import { COMMAND_CODES, newCode } from "../../../shared/src/codes.ts";
import { Station } from "../station.ts";
import type { State } from "../state.ts";
import { type View, viewOf } from "../view.ts";
import { choices } from "../rules/testing.ts";
import type { KeptTicket, Meta } from "../store/records.ts";
import { Store } from "../store/store.ts";
import { POST, TESTS, TestNode } from "./node.ts";

export const START = Date.parse("2021-07-20T06:00:00.000Z");
export const ANNA = newCode("P", new Uint8Array(16));
const PATIENCE = { timeout: 60_000 };

export const personCard = (id: string, version: number, full_name: string): unknown => ({
  kind: "person",
  id,
  version,
  expires_at: START + 48 * 3_600_000,
  body: { person_code: id, full_name },
});

export class TestDesk {
  databases = new IDBFactory();
  elapsed = 100;
  node!: TestNode;
  station!: Station;

  static async open(): Promise<TestDesk> {
    const desk = new TestDesk();
    desk.node = await TestNode.start(() => START + desk.elapsed);
    await desk.reload();
    return desk;
  }

  /** The page is closed and opened again. */
  async reload(): Promise<void> {
    this.elapsed += 1_000;
    this.station = await Station.open({
      fetch: (input, init) => this.node.fetch(input, init),
      databases: this.databases,
      wall: () => START + this.elapsed,
      counter: () => this.elapsed,
      language: () => "vi",
      storeLost: () => undefined,
    });
  }

  /** What lies in the store for when the line is down. */
  async kept(): Promise<{ secret: CryptoKey; tickets: KeptTicket[] }> {
    const store = await Store.open(this.databases);
    const [secret, tickets] = await Promise.all([store.get("pinSecret"), store.get("kept")]);
    store.close();
    return { secret: secret as CryptoKey, tickets: tickets ?? [] };
  }

  /** What lies in the store under a name. */
  async meta<Key extends keyof Meta>(key: Key): Promise<Meta[Key] | null> {
    const store = await Store.open(this.databases);
    const found = await store.get(key);
    store.close();
    return found;
  }

  get view(): View {
    return viewOf(this.station.holder.state);
  }

  async until(isSo: (state: State) => boolean): Promise<void> {
    await vi.waitUntil(() => isSo(this.station.holder.state), PATIENCE);
  }

  /** The line is up and nothing waits. */
  async quiet(): Promise<void> {
    await this.until(({ line, entries }) => line === "up" && !entries.some(({ state }) => state === "waiting"));
  }

  /** `kit` is the place of the test in what may be chosen. */
  async startWork(kit = 0): Promise<void> {
    expect(await this.station.enrol("GOOD", "Máy 1")).toBeNull();
    await this.startWorkAgain(kit);
  }

  async startWorkAgain(kit = 0): Promise<void> {
    expect(await this.station.signIn("canbo", "x")).toBeNull();
    await this.station.startShift("truck", POST, choices(TESTS)[kit] ?? null);
    await this.quiet();
  }

  /** Each scan two seconds after the last: none is an echo of the one before. */
  async scan(...codes: string[]): Promise<void> {
    for (const code of codes) {
      this.elapsed += 2_000;
      await this.station.scan(code, "clean");
    }
  }

  /** Work that the node acknowledges: one tube with its result. */
  async oneTube(tube: string): Promise<void> {
    await this.scan(tube, ANNA, COMMAND_CODES.close_tube, tube, COMMAND_CODES.negative);
    await this.quiet();
  }

  /** Whether everything that the node ever acknowledged is in its ledger now. */
  isAllThere(): boolean {
    const there = new Set(this.node.ledger.ids());
    return this.node.received.every(({ id }) => there.has(id));
  }

  async untilAllIsThere(): Promise<void> {
    await vi.waitUntil(() => this.isAllThere(), PATIENCE);
    await this.quiet();
  }
}
