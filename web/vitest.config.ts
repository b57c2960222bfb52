/** Tests of the rules, the store and the line; the golden vectors are read from ../contracts. */
import { defineConfig } from "vitest/config";

export default defineConfig({
  server: { fs: { allow: [".."] } },
  test: { include: ["**/*.test.ts"], environment: "node" },
});
