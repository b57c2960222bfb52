/** Where the browser gives no store, or takes it away, the page says what to do. */
import { forceCloseDatabase, IDBFactory, IDBKeyRange as FakeKeyRange } from "fake-indexeddb";
import { beforeEach, expect, test, vi } from "vitest";
import type { TextKey } from "./language.ts";
import { openStation } from "./opening.ts";
import type { Station } from "./station.ts";

const NAME = "chotxanh-station";

let told: TextKey[];
let asked: number;

const open = (databases: () => IDBFactory): Promise<Station> => {
  const around = () => ({
    fetch: () => {
      asked += 1;
      return Promise.reject(new TypeError("network down"));
    },
    databases: databases(),
    wall: () => 0,
    counter: () => 0,
    language: () => "vi" as const,
  });
  return openStation(around, (lead) => told.push(lead));
};

const answered = (request: IDBRequest): Promise<void> =>
  new Promise((resolve, reject) => {
    request.onsuccess = () => {
      resolve();
    };
    request.onerror = () => {
      reject(request.error ?? new Error());
    };
  });

/** The courier tries again neither by itself nor when it is told that the line may be back. */
async function expectStopped(station: Station): Promise<void> {
  await vi.waitUntil(() => told.length > 0);
  const before = asked;
  station.lineMayBeBack();
  await Promise.resolve();
  expect(asked).toBe(before);
}

beforeEach(() => {
  vi.stubGlobal("IDBKeyRange", FakeKeyRange);
  told = [];
  asked = 0;
});

test("a browser that gives no database is told of, with what to do", async () => {
  const refusing = (): never => {
    throw new DOMException("private window", "SecurityError");
  };
  await expect(open(refusing)).rejects.toThrow("private window");
  await expect(open(() => ({ open: refusing }) as unknown as IDBFactory)).rejects.toThrow("private window");
  expect(told).toEqual(["app.store_unusable", "app.store_unusable"]);
});

test("a store that a newer station laid out is told of, with what to do", async () => {
  const databases = new IDBFactory();
  await answered(databases.open(NAME, 1_000));
  await expect(open(() => databases)).rejects.toMatchObject({ name: "VersionError" });
  expect(told).toEqual(["app.store_unusable"]);
});

test("a store that is to be laid out anew is let go, and the page asks to be loaded again", async () => {
  const databases = new IDBFactory();
  const station = await open(() => databases);
  await answered(databases.open(NAME, 1_000));
  await expectStopped(station);
  expect(told).toEqual(["app.store_closed"]);
});

test("a store that the browser closed is no line that is down: the page asks to be loaded again", async () => {
  const databases = new IDBFactory();
  const opening = vi.spyOn(databases, "open");
  const station = await open(() => databases);
  const request = opening.mock.results[0]?.value as IDBOpenDBRequest;
  forceCloseDatabase(request.result as unknown as Parameters<typeof forceCloseDatabase>[0]);
  await expectStopped(station);
  expect(told).toEqual(["app.store_closed"]);
});
