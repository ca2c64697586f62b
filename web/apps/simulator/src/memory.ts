// What the page remembers from one visit to the next: how it looks and speaks, never data.

/** What was remembered under a name. */
export function remembered(name: string): string | undefined {
  try {
    return localStorage.getItem(`crosswalk.${name}`) ?? undefined;
  } catch {
    return undefined;
  }
}

/** Remembers a value, where the browser lets the page. */
export function remember(name: string, value: string): void {
  try {
    localStorage.setItem(`crosswalk.${name}`, value);
  } catch {
    // The page works without.
  }
}
