/** What a node for tests remembers of entries: their numbers, by log. */
export interface ReceivedBody {
  id: string;
  device: string;
  seq: number;
  log: string;
  kind: string;
  actor: string | null;
  facts: Record<string, unknown>;
  personal?: string | null;
}

export interface Judgement {
  answer: string;
  problem: string | null;
}

/** The highest number known of each log. */
export type KeptLog = Record<string, number>;

export interface Memory {
  /** Who has which number: `<log> <seq>` to the id of the entry. */
  numbers: Map<string, string>;
}

type Numbered = Pick<ReceivedBody, "id" | "log" | "seq">;

export class TestLedger {
  private numbers = new Map<string, string>();

  copy(): Memory {
    return { numbers: new Map(this.numbers) };
  }

  replace({ numbers }: Memory): void {
    this.numbers = new Map(numbers);
  }

  ids(): string[] {
    return [...this.numbers.values()];
  }

  /** Gives a number to an entry, as another store with the same log would. */
  keep({ id, log, seq }: Numbered): void {
    this.numbers.set(`${log} ${seq}`, id);
  }

  answerTo({ id, log, seq }: Numbered): Judgement | null {
    const holder = this.numbers.get(`${log} ${seq}`);
    if (holder === undefined) return null;
    return holder === id
      ? { answer: "duplicate", problem: null }
      : { answer: "rejected", problem: "running_number_reused" };
  }

  highest(): KeptLog {
    const found: KeptLog = {};
    for (const { log, seq } of this.pairs()) found[log] = Math.max(found[log] ?? 0, seq);
    return found;
  }

  /** What a receipt says of these logs. */
  about(logs: readonly string[]): { gaps: Record<string, [number, number][]>; highest: KeptLog } {
    const all = this.highest();
    const highest = Object.fromEntries(logs.map((log) => [log, all[log] ?? 0]));
    const gaps: Record<string, [number, number][]> = {};
    for (const log of logs) if (this.gapsOf(log).length > 0) gaps[log] = this.gapsOf(log);
    return { gaps, highest };
  }

  private gapsOf(log: string): [number, number][] {
    const seen = this.pairs().filter((pair) => pair.log === log);
    const numbers = seen.map(({ seq }) => seq).sort((a, b) => a - b);
    return numbers.flatMap((seq, index): [number, number][] => {
      const before = numbers[index - 1] ?? 0;
      return seq > before + 1 ? [[before + 1, seq - 1]] : [];
    });
  }

  private pairs(): { log: string; seq: number }[] {
    return [...this.numbers.keys()].map((key) => {
      const [log = "", seq] = key.split(" ");
      return { log, seq: Number(seq) };
    });
  }
}
