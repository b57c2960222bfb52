/** The page's line to the worker that finds units; both it and its table come when they are first needed. */
import table from "../../shared/src/units/table.txt?url";
import type { Answer, Question, Suggestion } from "./suggestion.ts";

type Found = readonly Suggestion[] | null;

export class Line {
  private worker: Worker | undefined;
  private number = 0;
  private readonly waiting = new Map<number, (found: Found) => void>();

  /** Fetches what finding needs. */
  makeReady(): void {
    void this.find("");
  }

  /** What `text` may mean; nothing where nobody can say. */
  find(text: string): Promise<Found> {
    const worker = (this.worker ??= this.start());
    const question: Question = { number: ++this.number, table: new URL(table, import.meta.url).href, text };
    return new Promise((resolve) => {
      this.waiting.set(question.number, resolve);
      worker.postMessage(question);
    });
  }

  private start(): Worker {
    const worker = new Worker(new URL("./worker.ts", import.meta.url), { name: "units" });
    worker.addEventListener("message", ({ data }: MessageEvent<Answer>) => {
      this.waiting.get(data.number)?.(data.suggestions);
      this.waiting.delete(data.number);
    });
    worker.addEventListener("error", () => {
      for (const resolve of this.waiting.values()) resolve(null);
      this.waiting.clear();
      this.worker = undefined;
    });
    return worker;
  }
}
