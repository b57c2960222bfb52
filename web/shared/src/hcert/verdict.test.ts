import { describe, expect, it } from "vitest";
import contract from "../../../../contracts/certificates.json";
import { hexOf } from "../keys/der.ts";
import { keyId, trustedKeyFromDer } from "../keys/trust.ts";
import { isNegativeTest, verdict, type TrustedKey } from "./verdict.ts";

type SignerName = keyof typeof contract.signers;

function der(name: string): Uint8Array {
  return Uint8Array.from(Buffer.from(contract.signers[name as SignerName], "base64"));
}

async function signer(name: string): Promise<{ kid: string; key: TrustedKey | undefined }> {
  const key = await trustedKeyFromDer(der(name)).catch(() => undefined);
  return { kid: hexOf(await keyId(der(name))), key };
}

describe("shared vectors", () => {
  it.each(contract.cases)("$name", async ({ text, at, signer: name, reason, is_negative_test, steps }) => {
    const { kid, key } = await signer(name);
    const found = await verdict(text, {
      at: Date.parse(at),
      trusted: (asked) => (key !== undefined && hexOf(asked) === kid ? [key] : []),
      supposed: key,
    });
    expect({ reason: found.reason ?? null, steps: found.steps }).toEqual({ reason, steps });
    expect(found.isValid).toBe(reason === null);
    expect(isNegativeTest(found)).toBe(is_negative_test);
  });
});

describe("a verdict", () => {
  const nobody = { at: 0, trusted: () => [] };

  it("is given on any text", async () => {
    for (const text of ["", "\ud800", "HC1:\ud800", "HC1:" + "0".repeat(100_000), "HC1:" + "\0".repeat(99), "😀".repeat(20_000)]) {
      expect((await verdict(text, nobody)).isValid).toBe(false);
    }
  });

  it("hands out nothing that is not signed by a trusted key", async () => {
    const genuine = contract.cases[0];
    const found = await verdict(genuine?.text ?? "", nobody);
    expect(found.reason).toBe("key_unknown");
    expect(found.claims).toBeUndefined();
  });

  it("tries every key of a key id", async () => {
    const genuine = contract.cases[0];
    const { key } = await signer("p256");
    const other = (await signer("rsa")).key;
    if (key === undefined || other === undefined) throw new Error("the contract lacks its signers");
    const forged = { ...key, verify: () => Promise.resolve(false) };
    const found = await verdict(genuine?.text ?? "", { at: Date.parse(genuine?.at ?? ""), trusted: () => [other, forged, key] });
    expect(found.reason).toBeUndefined();
    expect(found.claims?.private).toMatchObject({ category: "goods_driver" });
  });
});

describe("signers", () => {
  it.each(["rsa_short", "p384"])("with another key are refused: %s", async (name) => {
    await expect(trustedKeyFromDer(der(name))).rejects.toThrow(RangeError);
  });

  it("that are no certificates are refused", async () => {
    for (const data of [[], [0x30], [0x30, 0x80], [0x30, 0x02, 0x30, 0x00], [0x30, 0x84, 1, 1, 1, 1]]) {
      await expect(trustedKeyFromDer(Uint8Array.from(data))).rejects.toThrow(RangeError);
    }
  });
});
