/** Listens to the whole document: a burst of keys is a scan wherever the focus is; slow typing goes to the one field. */
import {
  type Burst,
  type Heard,
  hear,
  inField,
  LONG_SILENCE,
  type Quality,
  QUIET,
  SILENCE,
  silence,
  type Stroke,
} from "../rules/burst.ts";

export interface Hearing {
  /** The field in which a code can be typed by hand. */
  field: () => HTMLInputElement | null;
  scanned: (text: string, quality: Quality) => void;
}

const isTextField = (target: EventTarget | null): boolean =>
  target instanceof HTMLInputElement || target instanceof HTMLTextAreaElement || target instanceof HTMLSelectElement;

function strokeOf(event: KeyboardEvent): Stroke {
  return { key: event.key, at: event.timeStamp, composing: event.isComposing, repeat: event.repeat };
}

/** An input method that began to compose and never ended holds the field: leaving it and coming back frees it. */
function empty(field: HTMLInputElement | null): void {
  if (!field) return;
  if (document.activeElement !== field) {
    field.value = "";
    return;
  }
  field.blur();
  field.value = "";
  field.focus({ preventScroll: true });
}

/** Starts listening; the answer stops it. */
export function listen({ field, scanned }: Hearing): () => void {
  let burst: Burst = QUIET;
  let hasSuffix = false;
  let timer: ReturnType<typeof setTimeout> | undefined;

  const take = (heard: Heard): boolean => {
    burst = heard.burst;
    if (!heard.scan) return false;
    const box = field();
    const value = box && document.activeElement === box ? box.value : null;
    const { text, quality } = inField(heard.scan, value, box?.maxLength);
    empty(box);
    scanned(text, quality);
    return true;
  };

  const onKey = (event: KeyboardEvent): void => {
    if (event.ctrlKey || event.altKey || event.metaKey) return;
    if (take(hear(burst, strokeOf(event)))) {
      hasSuffix = true;
      event.preventDefault();
      event.stopPropagation();
      return;
    }
    if (event.key.length === 1 && !isTextField(event.target)) field()?.focus({ preventScroll: true });
    clearTimeout(timer);
    const enough = hasSuffix ? LONG_SILENCE : SILENCE;
    timer = setTimeout(() => take(silence(burst, performance.now(), enough)), enough + 10);
  };

  document.addEventListener("keydown", onKey, { capture: true });
  return () => {
    clearTimeout(timer);
    document.removeEventListener("keydown", onKey, { capture: true });
  };
}
