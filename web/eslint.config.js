import js from "@eslint/js";
import { defineConfig } from "eslint/config";
import svelte from "eslint-plugin-svelte";
import globals from "globals";
import typescript from "typescript-eslint";
import svelteConfig from "./svelte.config.js";

const HOUSE_RULES = {
  "max-lines": ["error", 400],
  "max-lines-per-function": ["error", { max: 50, skipComments: true }],
  "max-params": ["error", 5],
  complexity: ["error", 9],
  eqeqeq: "error",
  "no-warning-comments": "error",
  "no-console": "error",
};

export default defineConfig(
  { ignores: ["dist/", "node_modules/"] },
  js.configs.recommended,
  ...typescript.configs.strict,
  ...svelte.configs.recommended,
  {
    languageOptions: { globals: { ...globals.browser, ...globals.node } },
    rules: HOUSE_RULES,
  },
  {
    files: ["**/*.svelte", "**/*.svelte.ts"],
    languageOptions: { parserOptions: { parser: typescript.parser, extraFileExtensions: [".svelte"], svelteConfig } },
  },
  { files: ["station/sw.js"], languageOptions: { globals: { ...globals.serviceworker, __SHELL__: "readonly" } } },
  { files: ["**/*.test.ts"], rules: { "max-lines-per-function": "off" } },
  {
    // Rules are pure: the folder says where code may run.
    files: ["station/src/rules/**/*.ts"],
    ignores: ["**/*.test.ts"],
    rules: {
      "no-restricted-globals": [
        "error",
        "window",
        "document",
        "navigator",
        "fetch",
        "indexedDB",
        "crypto",
        "performance",
        "localStorage",
        "setTimeout",
      ],
      "no-restricted-properties": [
        "error",
        { object: "Date", property: "now" },
        { object: "Math", property: "random" },
      ],
    },
  },
  {
    // WebCrypto lives in keys/ alone.
    files: ["station/src/**/*.{ts,svelte}", "station/src/**/*.svelte.ts"],
    ignores: ["station/src/keys/**", "**/*.test.ts"],
    rules: { "no-restricted-globals": ["error", "crypto"] },
  },
);
