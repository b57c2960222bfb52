/** Who opened which cards here: kept on disk until the node has taken it into its log of looks. */
import { answer, write } from "./database.ts";
import type { Look } from "./records.ts";

/** A card that is opened again within this time by the same person is the same look, as at the node. */
const SAME_LOOK_MS = 15 * 60_000;

/** A shift of some days without a line opens fewer; of more the oldest are forgotten. */
const MOST_KEPT = 20_000;

const kept = async (meta: IDBObjectStore): Promise<Look[]> =>
  (await answer(meta.get("looks") as IDBRequest<Look[] | undefined>)) ?? [];

const isSame = (look: Look, before: Look): boolean =>
  look.member === before.member &&
  look.person_code === before.person_code &&
  Math.abs(look.at - before.at) < SAME_LOOK_MS;

/** Keeps looks that are no repetition of one kept here. */
export async function keepLooks(database: IDBDatabase, looks: readonly Look[]): Promise<void> {
  await write(database, ["meta"], async (open) => {
    const before = await kept(open("meta"));
    const fresh = looks.filter((look) => !before.some((each) => isSame(look, each)));
    if (fresh.length > 0) open("meta").put([...before, ...fresh].slice(-MOST_KEPT), "looks");
  });
}

const key = (look: Look): string => `${look.member} ${look.person_code} ${look.at}`;

/** Forgets what was told to the node, but for what it does not take yet; what was kept meanwhile stays. */
export async function forgetLooks(database: IDBDatabase, told: readonly Look[], notYet: readonly Look[], now: number): Promise<void> {
  const gone = new Set(told.map(key));
  const waiting = new Set(notYet.map(key));
  await write(database, ["meta"], async (open) => {
    const left = (await kept(open("meta"))).filter((look) => !gone.has(key(look)) || waiting.has(key(look)));
    open("meta").put(
      left.map((look) => (waiting.has(key(look)) ? { ...look, told_at: now } : look)),
      "looks",
    );
  });
}
