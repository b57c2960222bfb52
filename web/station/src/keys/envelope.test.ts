/** The golden envelope: what one language signed, the other verifies, byte for byte (docs/protocol.md). */
import { expect, test } from "vitest";
import golden from "../../../../contracts/envelope.json";
import { createDeviceKey, digest, publicKeyText, sign, verify } from "./signing.ts";

test("the golden entry verifies and its personal text has the digest that was signed", async () => {
  const { entry, public_key } = golden;
  expect(await verify(public_key, entry.body, entry.signature)).toBe(true);
  expect((JSON.parse(entry.body) as { personal: string }).personal).toBe(await digest(entry.personal));
  expect(await digest(entry.body)).toBe(golden.digest);
});

test.each(golden.altered)("an entry with $what does not verify", async ({ body, signature }) => {
  expect(await verify(golden.public_key, body, signature)).toBe(false);
});

test("what is signed here verifies with the public key as it is sent, and with no other", async () => {
  const [ours, theirs] = await Promise.all([createDeviceKey(), createDeviceKey()]);
  const signature = await sign(ours, "Chốt Xanh");
  expect(await verify(await publicKeyText(ours), "Chốt Xanh", signature)).toBe(true);
  expect(await verify(await publicKeyText(theirs), "Chốt Xanh", signature)).toBe(false);
  expect(await verify("no key", "Chốt Xanh", signature)).toBe(false);
});

test("the private key cannot leave the browser", async () => {
  const { privateKey } = await createDeviceKey();
  expect(privateKey.extractable).toBe(false);
});
