/** The station's view as a value that screens follow. */
import type { Holder } from "../state.ts";
import { type View, viewOf } from "../view.ts";

export class Shown {
  view = $state.raw<View>() as View;

  constructor(holder: Holder) {
    holder.listen((state) => {
      this.view = viewOf(state);
    });
  }
}
