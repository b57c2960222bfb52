/** The unit that stands behind the words in a box, as scheme and code in a hidden field that is sent with them. */

export class Chosen {
  private words: string;
  private value: string;

  constructor(
    private readonly input: HTMLInputElement,
    private readonly name: string,
  ) {
    const sent = this.hidden();
    // Some browsers bring a hidden field back without the words that it stood for.
    if (sent && !input.value) sent.value = "";
    if (sent) sent.autocomplete = "off";
    this.words = input.value;
    this.value = sent?.value ?? "";
  }

  choose(value: string, words: string): void {
    this.value = value;
    this.words = words;
    this.input.value = words;
    this.keepInStep();
  }

  /** Other words than those chosen mean nothing certain. */
  keepInStep(): void {
    const sent = this.hidden() ?? this.asNothingIsAsked();
    sent.value = this.input.value === this.words ? this.value : "";
  }

  private hidden(): HTMLInputElement | undefined {
    const found = document.getElementById(this.name);
    return found instanceof HTMLInputElement && found.type === "hidden" ? found : undefined;
  }

  /** Puts the hidden field in place of the server's question which place the words meant, once they are others. */
  private asNothingIsAsked(): HTMLInputElement {
    this.input.parentElement?.querySelector(".meant")?.remove();
    const sent = document.createElement("input");
    sent.type = "hidden";
    sent.name = sent.id = this.name;
    this.input.after(sent);
    return sent;
  }
}
