/** Keeps the shell on this computer. A new version waits until nobody is at work. */
import type { Holder } from "./state.ts";

/** Lets `worker` take over between shifts, never during one. */
function activateBetweenShifts(worker: ServiceWorker, holder: Holder): void {
  let isAsked = false;
  holder.listen(({ shift }) => {
    if (shift || isAsked) return;
    isAsked = true;
    worker.postMessage("activate");
  });
}

/** Registers the service worker and says to it that this page has started, so that older shells may go. */
export function keepShell(holder: Holder): void {
  if (!("serviceWorker" in navigator)) return;
  const hadController = navigator.serviceWorker.controller !== null;
  navigator.serviceWorker.addEventListener("controllerchange", () => {
    if (hadController && !holder.state.shift) location.reload();
  });
  void navigator.serviceWorker.register("/station/sw.js", { scope: "/station/" }).then((registration) => {
    registration.active?.postMessage("started");
    if (registration.waiting && hadController) activateBetweenShifts(registration.waiting, holder);
    registration.addEventListener("updatefound", () => {
      const worker = registration.installing;
      worker?.addEventListener("statechange", () => {
        if (worker.state === "installed" && hadController) activateBetweenShifts(worker, holder);
      });
    });
  });
}
