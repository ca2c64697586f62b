// Succeeds where the corpus can run in a browser.

import { find } from "../../web/testing/browser.mjs";

process.exitCode = find() === undefined ? 1 : 0;
