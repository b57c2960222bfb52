/** The public test vectors of the EU, when CHOTXANH_TESTDATA names their folder or it lies beside the checkout. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { resolve } from "node:path";
import { describe, expect, it } from "vitest";
import contract from "../../../../contracts/certificates.json";
import { hexOf } from "../keys/der.ts";
import { keyId, trustedKeyFromDer } from "../keys/trust.ts";
import { verdict, type Step } from "./verdict.ts";

const checkout = resolve(import.meta.dirname, "../../../..");
const folder = resolve(process.env.CHOTXANH_TESTDATA ?? resolve(checkout, "../shared/testdata"), "dgc/vectors");
const FEWEST_STEPS = 2_400;
const STEPS = [
  "UNPREFIX",
  "B45DECODE",
  "COMPRESSION",
  "VERIFY",
  "DECODE",
  "EXPIRATIONCHECK",
  "KEYUSAGE",
  "SCHEMAVALIDATION",
] as const satisfies readonly Step[];

interface Vector {
  readonly PREFIX: string;
  readonly TESTCTX: { readonly CERTIFICATE: string; readonly VALIDATIONCLOCK: string };
  readonly EXPECTEDRESULTS: Readonly<Record<string, boolean | undefined>>;
}

function names(): string[] {
  const all = readdirSync(folder, { recursive: true, encoding: "utf8" }).map((name) => name.replaceAll("\\", "/"));
  return all.filter((name) => /\/raw\/[^/]+\.json$/i.test(name)).sort();
}

function clock(text: string): number {
  return Date.parse(/(?:Z|[+-][0-9:]+)$/.test(text.slice(10)) ? text : `${text}Z`);
}

async function stepsOf({ PREFIX, TESTCTX }: Vector): Promise<Partial<Record<Step, boolean>>> {
  const der = Uint8Array.from(Buffer.from(TESTCTX.CERTIFICATE, "base64"));
  const key = await trustedKeyFromDer(der).catch(() => undefined);
  const kid = hexOf(await keyId(der));
  const found = await verdict(PREFIX, {
    at: clock(TESTCTX.VALIDATIONCLOCK),
    trusted: (asked) => (key !== undefined && hexOf(asked) === kid ? [key] : []),
    supposed: key,
  });
  return found.steps;
}

function isKnown(name: string, step: Step): boolean {
  return contract.known_disagreements.some((known) => known.step === step && new RegExp(known.file).test(name));
}

describe.runIf(existsSync(folder))("the public vectors", () => {
  it("agree in every step that is reached", async () => {
    const disagreements: string[] = [];
    let agreed = 0;
    for (const name of names()) {
      const vector = JSON.parse(readFileSync(resolve(folder, name), "utf8")) as Vector;
      const found = await stepsOf(vector);
      for (const step of STEPS) {
        const expected = vector.EXPECTEDRESULTS[`EXPECTED${step}`];
        if (expected === undefined) continue;
        if (found[step] === expected) agreed++;
        else if (!isKnown(name, step)) disagreements.push(`${name} ${step}`);
      }
    }
    expect(disagreements).toEqual([]);
    expect(agreed).toBeGreaterThanOrEqual(FEWEST_STEPS);
  });
});
