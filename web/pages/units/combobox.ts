/** A box with suggestions (ARIA APG: editable combobox with list autocomplete); typing and sending never wait for it. */
import { Chosen } from "./chosen.ts";
import type { Line } from "./line.ts";
import { List } from "./list.ts";
import type { Suggestion } from "./suggestion.ts";

const LEAST_SOUGHT = 3; // letters of which it is said that nothing was found

export class Combobox {
  private readonly chosen: Chosen;
  private readonly list: List;
  private isSeeking = false;

  constructor(
    private readonly input: HTMLInputElement,
    private readonly line: Line,
  ) {
    const { units = "", unitsNone = "", unitsLater = "", unitsCount = "" } = input.dataset;
    this.chosen = new Chosen(input, units);
    const words = { none: unitsNone, later: unitsLater, count: unitsCount };
    this.list = new List(input, words, (suggestion) => this.choose(suggestion));
    input.setAttribute("role", "combobox"); // as attributes: not every browser knows them as properties
    input.setAttribute("aria-autocomplete", "list");
    input.setAttribute("aria-expanded", "false");
    input.setAttribute("aria-controls", this.list.element.id);
    input.autocomplete = "off";
    input.parentElement?.classList.add("field-units");
    input.addEventListener("focus", () => line.makeReady(), { once: true });
    input.addEventListener("input", () => this.changed());
    input.addEventListener("keydown", (event) => this.press(event));
    input.addEventListener("blur", () => this.list.close());
    if (document.activeElement === input) line.makeReady();
  }

  private changed(): void {
    this.chosen.keepInStep();
    void this.seek();
  }

  /** Asks for one text at a time, and again if it has changed meanwhile. */
  private async seek(): Promise<void> {
    if (this.isSeeking) return;
    this.isSeeking = true;
    let text;
    do {
      text = this.input.value;
      const found = text.trim() ? await this.line.find(text) : null;
      if (document.activeElement === this.input) this.show(found, text);
    } while (text !== this.input.value);
    this.isSeeking = false;
  }

  private show(found: readonly Suggestion[] | null, text: string): void {
    if (found && (found.length || text.trim().length >= LEAST_SOUGHT)) this.list.show(found);
    else this.list.close();
  }

  private choose({ value, words }: Suggestion): void {
    this.chosen.choose(value, words);
    this.list.close();
    this.input.focus();
    this.input.setSelectionRange(words.length, words.length);
    this.input.dispatchEvent(new Event("change", { bubbles: true }));
  }

  private press(event: KeyboardEvent): void {
    if (event.isComposing || event.ctrlKey || event.metaKey) return;
    if (this.answer(event.key)) event.preventDefault();
  }

  /** Does what a key asks; false where it is none of the list's. */
  private answer(key: string): boolean {
    const chosen = this.list.activeOne;
    switch (key) {
      case "ArrowDown":
      case "ArrowUp":
        if (this.list.isOpen) this.list.move(key === "ArrowDown" ? 1 : -1);
        else void this.seek();
        return true;
      case "Enter":
        if (chosen) this.choose(chosen);
        return chosen !== undefined;
      case "Escape":
        if (!this.list.isSeen) return false;
        this.list.close();
        return true;
      default:
        this.list.setActive(-1); // the caret moves in the text
        return false;
    }
  }
}
