import { useComputed } from "@preact/signals";
import { type Path, textAt, valueAt } from "../settings.js";
import { settings } from "../state.js";

/** A value of the settings; who uses it is drawn anew only when this one changes. */
export function useSetting(path: Path): unknown {
  return useComputed(() => valueAt(settings.value, path)).value;
}

/** A text of the settings; empty if there is none. */
export function useText(path: Path): string {
  return useComputed(() => textAt(settings.value, path)).value;
}
