// Light or dark: as the system, unless chosen.

import { effect, signal } from "@preact/signals";
import { remembered, remember } from "./memory.js";

/** What may be chosen. */
export const THEMES = ["system", "light", "dark"] as const;

/** What is chosen. */
export type Theme = (typeof THEMES)[number];

/** The chosen appearance. */
export const theme = signal<Theme>(THEMES.find((name) => name === remembered("theme")) ?? "system");

effect(() => {
  document.documentElement.dataset.theme = theme.value;
  remember("theme", theme.value);
});
