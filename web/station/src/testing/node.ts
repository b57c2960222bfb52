/** A node for tests, at the network's edge: it keeps entries, verifies and signs as the real one does. */
import { createDeviceKey, publicKeyText, sign, verify } from "../keys/signing.ts";
import type { WireEntry } from "../rules/entry.ts";

export interface ReceivedBody {
  id: string;
  seq: number;
  log: string;
  kind: string;
  actor: string | null;
  facts: Record<string, unknown>;
}

export interface Judgement {
  answer: string;
  problem: string | null;
}

/** The one post of its site "truck". */
export const POST = "33333333-3333-4333-8333-333333333333";

const json = (status: number, body: unknown): Response =>
  new Response(JSON.stringify(body), { status, headers: { "Content-Type": "application/json" } });

export class TestNode {
  readonly id = "11111111-1111-4111-8111-111111111111";
  readonly device = "22222222-2222-4222-8222-222222222222";
  readonly received: ReceivedBody[] = [];
  readonly batches: number[] = [];
  cards: unknown[] = [];
  feedEpoch = "first";
  pageSize = 500;
  isDown = false;
  isTokenGood = true;
  /** Says what becomes of an entry that verifies. */
  judge: (body: ReceivedBody) => Judgement = () => ({ answer: "applied", problem: null });
  /** Lets a test spoil a receipt on its way. */
  forge: (receipt: string) => string = (receipt) => receipt;
  private deviceKey = "";

  private constructor(
    private readonly pair: CryptoKeyPair,
    readonly key: string,
    private readonly now: () => number,
  ) {}

  static async start(now: () => number): Promise<TestNode> {
    const pair = await createDeviceKey();
    return new TestNode(pair, await publicKeyText(pair), now);
  }

  trust(deviceKey: string): void {
    this.deviceKey = deviceKey;
  }

  readonly fetch: typeof fetch = async (input, init) => {
    if (this.isDown) throw new TypeError("network down");
    const body = typeof init?.body === "string" ? (JSON.parse(init.body) as Record<string, unknown>) : null;
    return body ? this.post(String(input), body) : this.get(String(input));
  };

  private get(path: string): Response {
    if (path === "/api/v1/clock") return json(200, { now: this.now() });
    if (!this.isTokenGood) return json(401, { code: "session_over", status: 401, title: "" });
    if (path.startsWith("/api/v1/feed")) return json(200, this.page(path));
    return json(404, { code: "person_unknown", status: 404, title: "" });
  }

  /** At most `pageSize` cards past the cursor; a cursor of another epoch begins anew. */
  private page(path: string): unknown {
    const [epoch, position] = (new URLSearchParams(path.split("?")[1]).get("after") ?? "").split(".");
    const snapshot = epoch !== this.feedEpoch;
    const begin = snapshot ? 0 : Number(position);
    const end = Math.min(begin + this.pageSize, this.cards.length);
    const cards = this.cards.slice(begin, end);
    return { protocol: 1, snapshot, cards, cursor: `${this.feedEpoch}.${end}`, more: end < this.cards.length };
  }

  private async post(path: string, body: Record<string, unknown>): Promise<Response> {
    if (path === "/api/v1/devices/enrol") return this.enrol(body);
    return path === "/api/v1/sign-in" ? this.signIn(body) : this.record(body["entries"] as WireEntry[]);
  }

  private enrol(body: Record<string, unknown>): Response {
    if (body["code"] !== "GOOD") return json(403, { code: "enrolment_code_unknown", status: 403, title: "" });
    this.trust(String(body["public_key"]));
    return json(200, { device: this.device, node: this.id, node_key: this.key });
  }

  private async signIn(body: Record<string, unknown>): Promise<Response> {
    const text = `sign-in:${this.device}:${String(body["username"])}:${String(body["at"])}`;
    if (!(await verify(this.deviceKey, text, String(body["signature"])))) return json(403, { code: "device_unknown" });
    this.isTokenGood = true;
    const posts = [{ id: POST, name: "Làn 1" }];
    return json(200, {
      ticket: "ticket",
      token: "token",
      expires_at: this.now() + 3_600_000,
      staff: { id: `staff-${String(body["username"])}`, full_name: "Phạm Thị Kim Ngân" },
      sites: [{ code: "truck", name: "QL51", facility: "F1", facility_name: "Trung tâm", posts }],
      pool_limit: 3,
      result_after_minutes: 15,
      department: "Sở Y tế",
      scenario: null,
    });
  }

  private async record(entries: WireEntry[]): Promise<Response> {
    this.batches.push(entries.length);
    const answers = [];
    for (const entry of entries) {
      const body = JSON.parse(entry.body) as ReceivedBody;
      const isAuthentic = await verify(this.deviceKey, entry.body, entry.signature);
      if (isAuthentic) this.received.push(body);
      const judged = isAuthentic ? this.judge(body) : { answer: "rejected", problem: "signature_invalid" };
      answers.push({ id: body.id, ...judged });
    }
    const receipt = JSON.stringify({ node: this.id, received_at: this.now(), answers, gaps: {} });
    return json(200, { receipt: this.forge(receipt), signature: await sign(this.pair, receipt) });
  }
}
