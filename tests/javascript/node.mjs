// The package in Node.

import { answer } from "./answer.mjs";
import { answerLines } from "./lines.mjs";
import { require } from "./package.mjs";

const { Rules, moduleSha256 } = require("crosswalk-rules");
await answerLines(moduleSha256, (request) => answer(Rules, request));
