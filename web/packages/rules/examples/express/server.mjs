// Serves the middleware on $PORT, over a snapshot in a file: node server.mjs settings.json snapshot.json

import express from "express";
import { readFileSync } from "node:fs";
import { explain } from "./explain.mjs";

const [settings, snapshot] = process.argv.slice(2).map((file) => JSON.parse(readFileSync(file, "utf8")));

const server = express()
  .get("/activities/:activity", explain(settings, () => snapshot))
  .listen(process.env.PORT ?? 3000, "127.0.0.1", () => console.log(`http://127.0.0.1:${server.address().port}`));
