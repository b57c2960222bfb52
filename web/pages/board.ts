/** Keeps the live board fresh: asks a few bytes, and takes the page's part anew only when it has changed. */

const ASK_EVERY = 2_500;

interface Word {
  version: string;
  as_of: string;
  behind: string;
}

function readWord(json: unknown): Word | null {
  if (typeof json !== "object" || json === null) return null;
  const { version, as_of, behind } = json as Record<string, unknown>;
  if (typeof version !== "string" || typeof as_of !== "string" || typeof behind !== "string") return null;
  return { version, as_of, behind };
}

function part(name: string): HTMLElement {
  const found = document.getElementById(name);
  if (!found) throw new Error(`the page has no ${name}`);
  return found;
}

const board = part("board");
const asOf = part("board-as-of");
const behind = part("board-behind");
const offline = part("board-offline");
const pause = part("board-pause");
let isPaused = false;

async function ask(): Promise<Word | null> {
  const answer = await fetch(board.dataset["ask"] ?? "", { redirect: "error" });
  return answer.ok ? readWord(await answer.json()) : null;
}

/** Takes the board out of the page as the server would show it now. */
async function takeAnew(): Promise<void> {
  const answer = await fetch(location.href, { redirect: "error" });
  if (!answer.ok) throw new Error(String(answer.status));
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const fresh = page.getElementById("board");
  if (!fresh) throw new Error("no board");
  board.replaceChildren(...fresh.childNodes);
  board.dataset["version"] = fresh.dataset["version"] ?? "";
}

async function refresh(): Promise<void> {
  const word = await ask();
  if (!word) throw new Error("no answer");
  if (word.version !== board.dataset["version"]) await takeAnew();
  asOf.textContent = word.as_of;
  behind.hidden = word.behind === "";
  const words = behind.querySelector("span");
  if (words && words.textContent !== word.behind) words.textContent = word.behind;
}

async function round(): Promise<void> {
  if (!isPaused) {
    const isReached = await refresh().then(
      () => true,
      () => false,
    );
    offline.hidden = isReached;
  }
  setTimeout(() => void round(), ASK_EVERY);
}

pause.hidden = false;
pause.addEventListener("click", () => {
  isPaused = !isPaused;
  pause.textContent = (isPaused ? pause.dataset["goOn"] : pause.dataset["pause"]) ?? "";
});
setTimeout(() => void round(), ASK_EVERY);
