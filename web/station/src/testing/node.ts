/** A node for tests, at the network's edge: it keeps entries, verifies and signs as the real one does. */
import type { OfferedTest } from "../rules/testing.ts";
import { WORKS } from "../rules/works.ts";
import { pinKey } from "../keys/pins.ts";
import { toBase64url } from "../rules/base64url.ts";
import { createDeviceKey, digest, publicKeyText, sign, verify } from "../keys/signing.ts";
import type { WireEntry } from "../rules/entry.ts";
import { type Judgement, type KeptLog, type Memory, type ReceivedBody, TestLedger } from "./ledger.ts";

/** A rapid test that may be read at any time and pooled by three, one with a window, and RT-PCR. */
export const TESTS: OfferedTest[] = [
  {
    id: "rapid",
    name: "Test nhanh",
    method: "ag_rapid",
    largest_pool: 1,
    kits: [
      { id: "any-time", name: "Bộ A", earliest: 0, latest: 10_000, largest_pool: 3, lots: [] },
      { id: "timed", name: "Bộ B", earliest: 15, latest: 30, largest_pool: 1, lots: ["L1", "L2"] },
    ],
  },
  { id: "pcr", name: "RT-PCR", method: "rt_pcr", largest_pool: 10, kits: [] },
];

export const POST = "017adaf0-0000-7000-8000-000000000046";

export const json = (status: number, body: unknown): Response =>
  new Response(JSON.stringify(body), { status, headers: { "Content-Type": "application/json" } });

const refused = (status: number, code: string): Response => json(status, { code, status, title: "" });

export class TestNode {
  readonly id = "11111111-1111-4111-8111-111111111111";
  device = "22222222-2222-4222-8222-222222222222";
  readonly received: ReceivedBody[] = [];
  readonly batches: number[] = [];
  /** What identified somebody, as it came last, by kind. */
  readonly personal = new Map<string, string>();
  readonly ledger = new TestLedger();
  cards: unknown[] = [];
  /** Cards that the feed does not hold, by person code, and the codes that were asked for. */
  readonly people = new Map<string, unknown>();
  readonly askedFor: string[] = [];

  /** At which post the station said that it asked. */
  readonly askedAt: (string | null)[] = [];
  epoch = "life 1";
  feedEpoch = "first";
  pageSize = 500;
  isDown = false;
  /** For how many seconds it sends everybody away, and how often it did. */
  busyFor = 0;
  sentAway = 0;
  isTokenGood = true;
  methods = ["ag_rapid", "rt_pcr"];
  /** What a member does at the post; who is not named does everything. */
  readonly worksOf = new Map<string, string[]>();
  isRevoked = false;
  /** The PIN of each badge, and which of them are first ones. */
  readonly badges = new Map<string, string>();
  readonly firstPins = new Set<string>();
  /** By badge: the key that signs the starts on what is kept for it, as the last sign-in said. */
  readonly openers = new Map<string, string>();
  cardKey = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8";
  /** Says what becomes of an entry that verifies. */
  judge: (body: ReceivedBody) => Judgement = () => ({ answer: "applied", problem: null });
  /** Lets a test answer in the node's place. */
  instead: ((path: string, body: string) => Response | null) | null = null;
  /** Lets a test spoil a receipt on its way. */
  forge: (receipt: string) => string = (receipt) => receipt;
  /** Looks as they were handed in, once each. */
  readonly looks = new Map<string, { member: string; person_code: string; at: number }>();

  /** Whose looks are not taken yet, by person code: of a shift that the node does not know. */
  readonly notYet = new Set<string>();

  /** How many looks were handed in, taken or not. */
  looksHeard = 0;
  private readonly held = new Set<string>();
  private deviceKey: string | null = null;
  private signIns = 0;

  private constructor(
    private readonly pair: CryptoKeyPair,
    readonly key: string,
    private readonly now: () => number,
  ) {}

  static async start(now: () => number): Promise<TestNode> {
    const pair = await createDeviceKey();
    return new TestNode(pair, await publicKeyText(pair), now);
  }

  /** What a backup holds. */
  backup(): Memory & { deviceKey: string | null } {
    return { ...this.ledger.copy(), deviceKey: this.deviceKey };
  }

  /** Puts a backup back; by itself the node does not know that it did. */
  restore(backup: Memory & { deviceKey: string | null }): void {
    this.ledger.replace(backup);
    this.deviceKey = backup.deviceKey;
  }

  readonly fetch: typeof fetch = async (input, init) => {
    if (this.isDown) throw new TypeError("network down");
    const sent = typeof init?.body === "string" ? init.body : "";
    const instead = this.sendAway() ?? this.instead?.(String(input), sent);
    if (instead) return instead;
    return sent ? this.post(String(input), JSON.parse(sent) as Record<string, unknown>) : this.get(String(input));
  };

  private sendAway(): Response | null {
    if (this.busyFor === 0) return null;
    this.sentAway += 1;
    return new Response("{}", { status: 503, headers: { "Retry-After": String(this.busyFor) } });
  }

  private get(path: string): Response {
    if (path === "/api/v1/clock") return json(200, { now: this.now(), node: this.id });
    if (this.isRevoked) return refused(403, "device_revoked");
    if (!this.isTokenGood) return refused(401, "session_over");
    if (path.startsWith("/api/v1/feed")) return json(200, this.page(path));
    const [address = "", query] = path.split("?");
    return this.person(decodeURIComponent(address.split("/").pop() ?? ""), new URLSearchParams(query).get("post"));
  }

  private person(code: string, post: string | null): Response {
    this.askedFor.push(code);
    this.askedAt.push(post);
    const card = this.people.get(code);
    return card ? json(200, card) : refused(404, "person_unknown");
  }

  /** At most `pageSize` cards past the cursor; a cursor of another epoch begins anew. */
  private page(path: string): unknown {
    const [feed, position] = (new URLSearchParams(path.split("?")[1]).get("after") ?? "").split(".");
    const snapshot = feed !== this.feedEpoch;
    const begin = snapshot ? 0 : Number(position);
    const end = Math.min(begin + this.pageSize, this.cards.length);
    const cards = this.cards.slice(begin, end);
    const { epoch } = this;
    return { protocol: 1, epoch, snapshot, cards, cursor: `${this.feedEpoch}.${end}`, more: end < this.cards.length };
  }

  private async post(path: string, body: Record<string, unknown>): Promise<Response> {
    if (path === "/api/v1/devices/enrol") return this.enrol(body);
    if (path === "/api/v1/sign-out") return this.signOut(body);
    if (path === "/api/v1/looks") return this.takeLooks(body);
    if (path === "/api/v1/sign-in/badge") return this.badgeSignIn(body);
    return path === "/api/v1/sign-in" ? this.signIn(body) : this.record(body);
  }

  private async takeLooks({ body, signature }: Record<string, unknown>): Promise<Response> {
    const isOurs = this.deviceKey !== null && (await verify(this.deviceKey, String(body), String(signature)));
    if (!isOurs) return refused(403, "signature_invalid");
    const { looks } = JSON.parse(String(body)) as { looks: { member: string; person_code: string; at: number }[] };
    this.looksHeard += looks.length;
    const isTaken = ({ person_code }: { person_code: string }): boolean => !this.notYet.has(person_code);
    for (const look of looks.filter(isTaken)) this.looks.set(JSON.stringify(look), look);
    const notYet = looks.flatMap((look, place) => (isTaken(look) ? [] : [place]));
    return json(200, { protocol: 1, taken: looks.length - notYet.length, passed_over: [], not_yet: notYet });
  }

  private async signOut({ session }: Record<string, unknown>): Promise<Response> {
    if (session === (await digest(`token ${this.signIns}`))) this.isTokenGood = false;
    return json(200, { protocol: 1 });
  }

  private async enrol(body: Record<string, unknown>): Promise<Response> {
    if (body["code"] !== "GOOD") return refused(403, "enrolment_code_unknown");
    this.deviceKey = String(body["public_key"]);
    const facts = { device: this.device, name: body["name"], public_key: this.deviceKey };
    const text = JSON.stringify({ id: "enrolment", device: this.id, log: "node", seq: null, kind: "device.enrolled", facts });
    const entry = { body: text, signature: await sign(this.pair, text) };
    return json(200, { protocol: 1, device: this.device, node: this.id, node_key: this.key, entry });
  }

  private async signIn(body: Record<string, unknown>): Promise<Response> {
    const username = String(body["username"]);
    return (await this.refusal(body, username)) ?? this.signedIn(username, null);
  }

  private async badgeSignIn(body: Record<string, unknown>): Promise<Response> {
    const badge = String(body["badge"]);
    const why = await this.refusal(body, badge);
    if (why) return why;
    const pin = this.badges.get(badge);
    if (pin === undefined) return refused(403, "badge_unknown");
    if (body["pin"] !== pin) return refused(403, "pin_wrong");
    if (this.firstPins.has(badge) && !body["new_pin"]) return refused(403, "pin_new");
    if (body["new_pin"]) {
      this.badges.set(badge, String(body["new_pin"]));
      this.firstPins.delete(badge);
    }
    this.openers.set(badge, String(body["opener"]));
    return this.signedIn(badge, badge);
  }

  private async refusal(body: Record<string, unknown>, name: string): Promise<Response | null> {
    const text = `sign-in:${this.device}:${name}:${String(body["at"])}:${String(body["opener"])}`;
    if (this.isRevoked) return refused(403, "device_revoked");
    const isTheirs = this.deviceKey !== null && (await verify(this.deviceKey, text, String(body["signature"])));
    return isTheirs ? null : refused(403, "device_unknown");
  }

  private async kept(badge: string): Promise<unknown> {
    const salt = toBase64url(new Uint8Array(16).fill(5));
    const key = toBase64url(new Uint8Array(await pinKey(this.badges.get(badge) ?? "", salt)));
    const expires_at = this.now() + 72 * 3_600_000;
    return { ticket: `kept ${badge}`, expires_at, badge: await digest(badge), salt, key };
  }

  private async signedIn(name: string, badge: string | null): Promise<Response> {
    this.isTokenGood = true;
    this.signIns += 1;
    const works = this.worksOf.get(name) ?? WORKS;
    const posts = [{ id: POST, name: "Làn 1", works }];
    return json(200, {
      ticket: "ticket",
      token: `token ${this.signIns}`,
      expires_at: this.now() + 3_600_000,
      staff: { id: `staff-${name}`, full_name: "Phạm Thị Kim Ngân" },
      sites: [{ code: "truck", name: "QL51", facility: "F1", facility_name: "Trung tâm", posts, methods: this.methods }],
      tests: TESTS,
      department: "Sở Y tế",
      scenario: null,
      card_key: this.cardKey,
      kept: badge === null ? null : await this.kept(badge),
    });
  }

  private async record(body: Record<string, unknown>): Promise<Response> {
    const entries = body["entries"] as WireEntry[];
    this.batches.push(entries.length);
    const before = this.ledger.highest();
    const answers = [];
    for (const entry of entries) answers.push(await this.take(entry));
    const logs = [...new Set(entries.map(({ body }) => (JSON.parse(body) as ReceivedBody).log))];
    this.noticeRestore(body["known"] as { receipt: string } | undefined, logs, before);
    const receipt = JSON.stringify({
      protocol: 1,
      node: this.id,
      epoch: this.epoch,
      received_at: this.now(),
      answers,
      ...this.ledger.about(logs),
    });
    return json(200, { receipt: this.forge(receipt), signature: await sign(this.pair, receipt) });
  }

  /** A receipt of its own of more than it knew tells that the database is older. */
  private noticeRestore(known: { receipt: string } | undefined, logs: string[], before: KeptLog): void {
    if (!known) return;
    const { epoch, highest } = JSON.parse(known.receipt) as { epoch: string; highest: KeptLog };
    const isMore = logs.some((log) => (highest[log] ?? 0) > (before[log] ?? 0));
    if (epoch === this.epoch && isMore) this.epoch = `${this.epoch}+`;
  }

  private async take(entry: WireEntry): Promise<unknown> {
    const body = JSON.parse(entry.body) as ReceivedBody;
    const about = { id: body.id, digest: await digest(entry.body) };
    if (body.device === this.id) return { ...about, ...(await this.knowAgain(entry, body)) };
    if (this.deviceKey === null) return { ...about, answer: "rejected", problem: "device_unknown" };
    const isAuthentic = await verify(this.deviceKey, entry.body, entry.signature);
    if (!isAuthentic) return { ...about, answer: "rejected", problem: "signature_invalid" };
    if (entry.personal !== undefined) {
      if ((await digest(entry.personal)) !== body.personal) return { ...about, answer: "rejected", problem: "personal" };
      this.personal.set(body.kind, entry.personal);
    }
    return { ...about, ...this.keep(body) };
  }

  private async knowAgain(entry: WireEntry, body: ReceivedBody): Promise<Judgement> {
    if (!(await verify(this.key, entry.body, entry.signature))) {
      return { answer: "rejected", problem: "signature_invalid" };
    }
    this.deviceKey = String(body.facts["public_key"]);
    return { answer: "applied", problem: null };
  }

  private keep(body: ReceivedBody): Judgement {
    const known = this.ledger.answerTo(body);
    if (known) return this.held.has(body.id) ? this.said(body) : known;
    this.received.push(body);
    const judged = this.judge(body);
    if (judged.answer !== "rejected") this.ledger.keep(body);
    if (judged.answer === "held") this.held.add(body.id);
    return judged;
  }

  /** What has become of an entry that was held. */
  private said(body: ReceivedBody): Judgement {
    const judged = this.judge(body);
    if (judged.answer !== "applied") return judged;
    this.held.delete(body.id);
    return { answer: "duplicate", problem: null };
  }
}
