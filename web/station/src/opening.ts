/** Opens the station, and says what to do where its store cannot be used. */
import type { TextKey } from "./language.ts";
import { Station, type Surroundings } from "./station.ts";

/** `tell` shows the sentence in the station's place, once. Rejects with what kept the store from opening. */
export async function openStation(
  around: () => Omit<Surroundings, "storeLost">,
  tell: (lead: TextKey) => void,
): Promise<Station> {
  let isTold = false;
  const tellOnce = (lead: TextKey): void => {
    if (!isTold) tell(lead);
    isTold = true;
  };
  try {
    const storeLost = (): void => {
      tellOnce("app.store_closed");
    };
    // The browser's database may refuse already when it is named.
    return await Station.open({ ...around(), storeLost });
  } catch (error) {
    tellOnce("app.store_unusable");
    throw error;
  }
}
