/** Starts the station in this window, unless another window of this browser already runs it. */
import "../../shared/tokens.css";
import "../../shared/fonts.css";
import "./screens/station.css";
import { mount, unmount } from "svelte";
import type { TextKey } from "./language.ts";
import App from "./screens/App.svelte";
import Notice from "./screens/Notice.svelte";
import { Shown } from "./screens/shown.svelte.ts";
import { wishes } from "./screens/wishes.svelte.ts";
import { openStation } from "./opening.ts";
import { keepShell } from "./shell.ts";
import type { Surroundings } from "./station.ts";

const SECOND = 1_000;

function showNotice(target: HTMLElement, lead: TextKey): () => void {
  const notice = mount(Notice, { target, props: { lead } });
  return () => void unmount(notice);
}

const around = (): Omit<Surroundings, "storeLost"> => ({
  fetch: fetch.bind(window),
  databases: indexedDB,
  wall: () => Date.now(),
  counter: () => performance.now(),
  language: () => wishes.language,
});

/** Runs for the life of the page: the lock on the store is held as long as this promise is open. */
async function run(target: HTMLElement): Promise<never> {
  let leave = (): void => undefined;
  const station = await openStation(around, (lead) => {
    leave();
    showNotice(target, lead);
  });
  const app = mount(App, { target, props: { shown: new Shown(station.holder), actions: station } });
  const ticking = setInterval(() => {
    station.tick();
  }, SECOND);
  leave = () => {
    clearInterval(ticking);
    void unmount(app);
  };
  addEventListener("online", () => {
    station.lineMayBeBack();
  });
  void navigator.storage.persist();
  keepShell(station.holder);
  return new Promise<never>(() => undefined);
}

async function start(target: HTMLElement): Promise<void> {
  if (!isSecureContext || !("locks" in navigator)) {
    showNotice(target, "app.unsupported");
    return;
  }
  const lock = "chotxanh-station";
  await navigator.locks.request(lock, { ifAvailable: true }, async (held) => (held ? run(target) : undefined));
  const hide = showNotice(target, "app.elsewhere");
  await navigator.locks.request(lock, async () => {
    hide();
    await run(target);
  });
}

const target = document.getElementById("station");
if (target) void start(target);
