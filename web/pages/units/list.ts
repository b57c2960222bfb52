/** The list of suggestions under a box. */
import type { Suggestion } from "./suggestion.ts";

const ENOUGH_ROOM = 208; // px: three suggestions and a bit of a fourth, which says that there are more
const LEAST_ROOM = 128;
const MOST_ROOM = 400; // px: the page stays to be seen
const MARGIN = 8; // px, below the list

/** What the page says of a list, in its reader's language; `{count}` stands for a number. */
export interface Words {
  readonly none: string;
  readonly later: string;
  readonly count: string;
}

export class List {
  readonly element = document.createElement("div");
  private readonly none = document.createElement("p");
  private readonly status = document.createElement("p");
  private shown: readonly Suggestion[] = [];
  private active = -1;

  constructor(
    private readonly input: HTMLInputElement,
    private readonly words: Words,
    choose: (suggestion: Suggestion) => void,
  ) {
    this.element.id = `${input.id}-units`;
    this.element.className = "units-found";
    this.element.setAttribute("role", "listbox");
    this.element.setAttribute("aria-label", input.labels?.[0]?.textContent.trim() ?? "");
    this.none.className = "units-found units-none";
    this.none.textContent = words.none;
    this.status.className = "visually-hidden";
    this.status.setAttribute("role", "status");
    this.element.hidden = this.none.hidden = true;
    input.after(this.element, this.none, this.status);
    // Pressed, the list takes the focus away from the box, which would close it before it is chosen from.
    for (const each of [this.element, this.none]) each.addEventListener("mousedown", (event) => event.preventDefault());
    this.element.addEventListener("click", ({ target }) => {
      const at = target instanceof Element ? [...this.element.children].findIndex((each) => each.contains(target)) : -1;
      const pressed = this.shown[at];
      if (pressed) choose(pressed);
    });
    visualViewport?.addEventListener("resize", () => this.fit()); // the keyboard came or went
  }

  get isOpen(): boolean {
    return !this.element.hidden;
  }

  /** Whether anything stands below the box. */
  get isSeen(): boolean {
    return this.isOpen || !this.none.hidden;
  }

  get activeOne(): Suggestion | undefined {
    return this.shown[this.active];
  }

  show(suggestions: readonly Suggestion[]): void {
    const isNew = !this.isSeen;
    this.shown = suggestions;
    this.element.replaceChildren(...suggestions.map((each, at) => this.option(each, at)));
    this.element.scrollTop = 0;
    this.element.hidden = !suggestions.length;
    this.none.hidden = !!suggestions.length;
    this.input.setAttribute("aria-expanded", String(this.isOpen));
    this.setActive(-1);
    this.say(suggestions.length ? this.words.count.replace("{count}", String(suggestions.length)) : this.words.none);
    if (isNew) this.makeRoom();
    this.fit();
  }

  close(): void {
    this.element.hidden = this.none.hidden = true;
    this.input.setAttribute("aria-expanded", "false");
    this.setActive(-1);
    this.say("");
  }

  /** Goes on by so many suggestions; beyond the last and before the first is the box itself. */
  move(step: number): void {
    const places = this.shown.length + 1;
    this.setActive(((this.active + 1 + step + places) % places) - 1);
  }

  setActive(at: number): void {
    this.element.children[this.active]?.setAttribute("aria-selected", "false");
    this.active = at;
    const option = this.element.children[at];
    option?.setAttribute("aria-selected", "true");
    option?.scrollIntoView({ block: "nearest" });
    if (option) this.input.setAttribute("aria-activedescendant", option.id);
    else this.input.removeAttribute("aria-activedescendant");
  }

  private say(words: string): void {
    if (this.status.textContent !== words) this.status.textContent = words;
  }

  private option({ name, above, isLater }: Suggestion, at: number): HTMLElement {
    const option = document.createElement("div");
    option.id = `${this.element.id}-${String(at)}`;
    option.setAttribute("role", "option");
    option.setAttribute("aria-selected", "false");
    const quiet = document.createElement("span");
    quiet.className = "units-above";
    quiet.textContent = [above, isLater ? this.words.later : ""].filter(Boolean).join(" · ");
    option.append(name, " ", quiet);
    return option;
  }

  /** Lets the list end where what is seen ends, above the keyboard. */
  private fit(): void {
    if (this.isOpen) this.element.style.maxHeight = `${String(Math.min(Math.max(this.room(), LEAST_ROOM), MOST_ROOM))}px`;
  }

  private makeRoom(): void {
    if (this.room() < ENOUGH_ROOM) this.input.scrollIntoView({ block: "start" });
  }

  private room(): number {
    const seen = visualViewport ? visualViewport.offsetTop + visualViewport.height : innerHeight;
    return seen - this.input.getBoundingClientRect().bottom - MARGIN;
  }
}
