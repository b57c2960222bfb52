import { expect, it } from "vitest";
import contract from "../../../contracts/names.json";
import { isDamaged } from "./nameDamage.ts";
import { fold, normaliseName } from "./names.ts";

it.each(contract.fold)("folds $text as Python does", ({ text, folded }) => {
  expect(fold(text)).toBe(folded);
});

it.each(contract.normalise)("keeps $text as Python does", ({ text, normalised }) => {
  expect(normaliseName(text)).toBe(normalised);
});

it.each(contract.damaged)("tells whether $text is damaged as Python does", ({ text, is_damaged }) => {
  expect(isDamaged(text)).toBe(is_damaged);
});
