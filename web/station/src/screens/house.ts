/** Whose station this is: from the last sign-in, before that from what the server wrote into the page. */
import type { View } from "../view.ts";

function fromPage(name: string): string | null {
  const content = document.querySelector<HTMLMetaElement>(`meta[name="${name}"]`)?.content ?? "";
  return content === "" || content.startsWith("__") ? null : content;
}

export interface House {
  department: string | null;
  scenario: string | null;
}

export function houseOf(session: View["session"]): House {
  return {
    department: session?.department ?? fromPage("department"),
    scenario: session ? session.scenario : fromPage("scenario"),
  };
}
