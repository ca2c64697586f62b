// A link that carries the settings in its fragment, which browsers never send to a server.

import { type Draft, isObject } from "../settings.js";

const NAME = "#settings=";

/** A link to this page with settings. */
export function linkTo(draft: Draft): string {
  const bytes = new TextEncoder().encode(JSON.stringify(draft));
  const text = btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(""));
  return `${location.href.split("#")[0]}${NAME}${text.replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "")}`;
}

/** The settings that a fragment carries; undefined if it carries none. Throws if they can't be read. */
export function settingsIn(fragment: string): Draft | undefined {
  if (!fragment.startsWith(NAME)) return undefined;
  const text = atob(fragment.slice(NAME.length).replace(/-/g, "+").replace(/_/g, "/"));
  const value: unknown = JSON.parse(new TextDecoder().decode(Uint8Array.from(text, (byte) => byte.charCodeAt(0))));
  if (!isObject(value)) throw new Error("not an object");
  return value;
}
