import { expect, test } from "vitest";
import { httpOver } from "./http.ts";

function answering(status: number, headers: Record<string, string>): typeof fetch {
  return () => Promise.resolve(new Response("{}", { status, headers }));
}

async function asked(status: number, headers: Record<string, string> = {}): Promise<unknown> {
  return httpOver(answering(status, headers), () => "vi")({ path: "/api/v1/clock" });
}

test("a busy node says when to ask again", async () => {
  expect(await asked(503, { "Retry-After": "7" })).toEqual({ kind: "unreachable", wait: 7_000 });
});

test("of a fault, or a wait that cannot be read, nothing is made", async () => {
  expect(await asked(503)).toEqual({ kind: "unreachable" });
  expect(await asked(503, { "Retry-After": "Fri, 31 Dec 1999 23:59:59 GMT" })).toEqual({ kind: "unreachable" });
  expect(await asked(502, { "Retry-After": "7" })).toEqual({ kind: "unreachable" });
});
