// Where the package is, as `cargo xtask build` leaves it, and what it is tested with.

import { createRequire } from "node:module";
import { dirname } from "node:path";

/** Resolves and loads as a file in web/ would. */
export const require = createRequire(new URL("../../web/package.json", import.meta.url));

/** The package's folder. */
export const folder = dirname(require.resolve("crosswalk-rules/package.json"));
