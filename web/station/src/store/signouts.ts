/** Sign-outs that the node has not been told of: kept as digests, which end a session and open none. */
import { answer, write } from "./database.ts";

const kept = async (meta: IDBObjectStore): Promise<string[]> =>
  (await answer(meta.get("signOuts") as IDBRequest<string[] | undefined>)) ?? [];

async function change(database: IDBDatabase, changed: (before: string[]) => string[]): Promise<void> {
  await write(database, ["meta"], async (open) => {
    open("meta").put(changed(await kept(open("meta"))), "signOuts");
  });
}

export async function keepSignOut(database: IDBDatabase, session: string): Promise<void> {
  await change(database, (before) => [...before, session]);
}

export async function forgetSignOut(database: IDBDatabase, session: string): Promise<void> {
  await change(database, (before) => before.filter((each) => each !== session));
}
