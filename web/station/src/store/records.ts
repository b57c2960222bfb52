/** What the station keeps: the device, who is signed in, the shift, the desk, entries and where the feed stands. */
import type { Sealed } from "../keys/sealing.ts";
import type { Known } from "../rules/again.ts";
import type { Desk, Place } from "../rules/desk.ts";
import type { Renamed, WireEntry } from "../rules/entry.ts";
import type { OwnEntry } from "../rules/overlay.ts";
import type { Method, OfferedTest, Testing } from "../rules/testing.ts";

export interface Device {
  device: string;
  node: string;
  /** The node's public key, base64url of the 65-byte point. */
  nodeKey: string;
  name: string;
  pair: CryptoKeyPair;
  /** The node's own entry of this enrolment: a node that forgot this device knows it again by it. */
  enrolment: WireEntry | null;
}

export interface Staff {
  id: string;
  full_name: string;
}

export interface Post {
  id: string;
  name: string;
  /** What this member does there; an older sign-in did not tell. */
  works?: string[];
}

export interface Site {
  code: string;
  name: string;
  facility: string;
  facility_name: string;
  posts: Post[];
  /** By which ways of testing this member may report here; an older sign-in did not tell. */
  methods?: Method[];
  /** Whether this member may sample here. */
  may_sample?: boolean;
}

/** The answer to a sign-in. */
export interface Session {
  ticket: string;
  token: string;
  expires_at: number;
  staff: Staff;
  sites: Site[];
  tests: OfferedTest[];
  department: string;
  scenario: string | null;
  /** A PIN opened it, with the line down. */
  proof?: "pin";
  /** What it opened: it signs the starts of shifts on the ticket, and cannot be read out. An older release kept none. */
  opener?: CryptoKey;
}

/** A ticket for when the line is down, under a badge and its PIN. */
export interface KeptTicket {
  /** SHA-256 of the badge's code, base64url. */
  badge: string;
  salt: string;
  /** Unix ms. */
  expiresAt: number;
  /** Wrong PINs since a right one. */
  wrong: number;
  /** Null once guessing has deleted it. */
  sealed: Sealed | null;
}

export interface Shift extends Place {
  staff: Staff;
  siteName: string;
  postName: string;
  facilityName: string;
  /** What this shift tests with; null where the province lists nothing. */
  testing: Testing | null;
  /** The one person whom `testing` was changed for, and what the shift goes back to after. */
  once?: { person: string; usual: Testing } | null;
}

/** Somebody on duty opened a person's card; `at` is Unix ms. */
export interface Look {
  member: string;
  person_code: string;
  at: number;
  /** When the node was told of it before it knew of the shift (Unix ms). */
  told_at?: number;
}

/** The life of this store and its last running number. */
export interface Log {
  log: string;
  seq: number;
}

/** How far the feed of a scope was read; `isFilling` while the cards of a new beginning are still coming. */
export interface Reached {
  scope: string;
  cursor: string;
  isFilling: boolean;
}

/** A receipt as it came: shown to the node, it proves what was acknowledged. */
export interface SignedReceipt {
  receipt: string;
  signature: string;
}

export interface Meta {
  device: Device;
  session: Session;
  shift: Shift;
  desk: Desk;
  log: Log;
  cursor: Reached;
  receipt: SignedReceipt;
  /** Looks that the node has not taken yet, the oldest first. */
  looks: Look[];
  /** SHA-256 (base64url) of each token whose sign-out the node has not been told of. */
  signOuts: string[];
  known: Known;
  /** What was recorded again; a deed that names one of these by its old id means the new one. */
  renamed: Renamed;
  /** Opens and seals the cards; it is here as long as somebody is signed in. */
  cardKey: CryptoKey;
  isSealed: true;
  /** What a PIN is bound to here; it cannot leave this browser. */
  pinSecret: CryptoKey;
  kept: KeptTicket[];
  /** The node said last that this device is revoked. */
  isRevoked: true;
  /** When the last shift ended, Unix ms. */
  shiftEndedAt: number;
}

/** A change of `null` removes. */
export type MetaChanges = { [Key in keyof Meta]?: Meta[Key] | null };

export interface StoredEntry extends OwnEntry {
  log: string;
  seq: number;
  /** When it was last acknowledged (Unix ms). */
  receiptedAt?: number;
  body: string;
  /** Null between the transaction that numbers the entry and the signing that follows it. */
  signature: string | null;
  problem: string | null;
  /** What identifies somebody, under the key of the cards: it lies open nowhere, and travels while somebody is signed in. */
  personal?: Sealed;
}
