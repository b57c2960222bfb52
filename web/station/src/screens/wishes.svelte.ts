/** What the officer likes, kept in this browser: language, theme, sound. */
import { type Language, type Params, say, sayPeople, sayProblem, sayValue, type TextKey } from "../language.ts";
import { WORKS, type Works } from "../rules/works.ts";

export type Theme = "light" | "dark";

const kept = (key: string): string | null => localStorage.getItem(`station.${key}`);
const keep = (key: string, value: string): void => {
  localStorage.setItem(`station.${key}`, value);
};

function firstTheme(): Theme {
  const theme = kept("theme");
  if (theme === "light" || theme === "dark") return theme;
  return matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light";
}

class Wishes {
  language = $state<Language>(kept("language") === "en" ? "en" : "vi");
  theme = $state<Theme>(firstTheme());
  isMuted = $state(kept("muted") === "yes");

  constructor() {
    this.show();
  }

  private show(): void {
    document.documentElement.lang = this.language;
    document.documentElement.dataset["theme"] = this.theme;
  }

  changeLanguage = (): void => {
    this.language = this.language === "vi" ? "en" : "vi";
    keep("language", this.language);
    this.show();
  };

  changeTheme = (): void => {
    this.theme = this.theme === "light" ? "dark" : "light";
    keep("theme", this.theme);
    this.show();
  };

  changeSound = (): void => {
    this.isMuted = !this.isMuted;
    keep("muted", this.isMuted ? "yes" : "no");
  };
}

export const wishes = new Wishes();

/** Texts in the chosen language; they change by themselves where they are shown. */
export const t = (key: TextKey, params?: Params): string => say(wishes.language, key, params);
export const peopleWords = (count: number): string => sayPeople(wishes.language, count);
export const value = (family: string, code: string): string => sayValue(wishes.language, family, code);
/** What somebody does at a post; nothing of who does everything there. */
export const worksInWords = (works: Works): string =>
  works.size === WORKS.length ? "" : WORKS.filter((work) => works.has(work)).map((work) => t(`work.${work}`)).join(", ");
export const problem = (code: string): string => sayProblem(wishes.language, code);
