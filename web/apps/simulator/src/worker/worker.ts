// The worker: one question after another, answered by the desk.

import { CrosswalkError, moduleSha256 } from "crosswalk-rules";
import type { Calls, Failure, Question, Said } from "../protocol.js";
import { Desk, Superseded } from "./desk.js";

const desk = new Desk();
const say = (said: Said) => self.postMessage(said);

self.onmessage = ({ data }: MessageEvent<Question>) => void answer(data);

async function answer({ id, call, given }: Question): Promise<void> {
  const progress = (share: number) => say({ type: "progress", id, share });
  try {
    const method = desk[call] as (given: unknown, progress: (share: number) => void) => unknown;
    const value = await method.call(desk, given, progress);
    say({ type: "answer", id, value: value as ReturnType<Calls[keyof Calls]> });
  } catch (error) {
    say({ type: "failure", id, failure: failureOf(error) });
  }
}

function failureOf(error: unknown): Failure {
  if (error instanceof CrosswalkError) {
    return { code: error.code, path: error.path, message: error.message, hint: error.hint ?? "" };
  }
  const code = error instanceof Superseded ? "superseded" : "failed";
  return { code, path: "", message: error instanceof Error ? error.message : String(error), hint: "" };
}

const ready = () => say({ type: "ready", sha256: moduleSha256 });

// While this worker lives it holds the lock of its name: who waits for the lock learns that it died. Only then may the page wait for it.
if (navigator.locks === undefined) ready();
else {
  void navigator.locks.request(self.name, () => {
    ready();
    return new Promise(() => undefined);
  });
}
