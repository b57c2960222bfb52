/** Tests of the rules, the store and the line; the golden vectors are read from ../contracts. */
import { defineConfig } from "vitest/config";

export default defineConfig({
  server: { fs: { allow: [".."] } },
  // A machine that is busy fails no test: what never comes is told after a minute.
  test: { include: ["**/*.test.ts"], environment: "node", testTimeout: 90_000, hookTimeout: 90_000 },
});
