/** Keeps a person's own page fresh: asks a few bytes, and loads it again only when it says something new. */

const ASK_EVERY = 30_000;

// A module has no `currentScript`.
const version = document.querySelector<HTMLElement>("script[data-version]")?.dataset["version"];

async function ask(): Promise<void> {
  if (document.hidden || !version) return;
  try {
    const answer = await fetch(`${location.pathname}/version`, { cache: "no-store" });
    if (answer.ok && (await answer.text()) !== version) location.reload();
  } catch {
    // Without a line the page stays as it is.
  }
}

setInterval(() => void ask(), ASK_EVERY);
document.addEventListener("visibilitychange", () => void ask());

export {};
