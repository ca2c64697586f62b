// The page's side of the worker.

import type { Calls, Failure, Question, Said } from "./protocol.js";

type Given<Call extends keyof Calls> = Parameters<Calls[Call]>[0];
type Answer<Call extends keyof Calls> = ReturnType<Calls[Call]>;

/** What the worker, or the rules in it, refused. */
export class EngineError extends Error {
  constructor(readonly failure: Failure) {
    super(failure.message);
  }
}

interface Waiting {
  readonly resolve: (value: never) => void;
  readonly reject: (error: EngineError) => void;
  readonly progress: (share: number) => void;
}

/** A worker with the rules in it. */
export class Engine {
  private readonly worker: Worker;
  private readonly waiting = new Map<number, Waiting>();
  private last = 0;
  private isOver = false;
  /** The version of the rules, once the worker has them. */
  readonly ready: Promise<string>;

  /** Starts a worker. `died` is called once if it ends before `end` was called. */
  constructor(private readonly died: () => void) {
    const name = `crosswalk-${crypto.randomUUID?.() ?? Math.random()}`;
    this.worker = new Worker(new URL("./worker/worker.ts", import.meta.url), { type: "module", name });
    this.worker.onerror = () => this.lose();
    this.ready = new Promise((resolve) => {
      this.worker.onmessage = ({ data }: MessageEvent<Said>) => {
        if (data.type !== "ready") return this.hear(data);
        void navigator.locks?.request(name, () => this.lose());
        resolve(data.sha256);
      };
    });
  }

  /** Asks the worker. */
  async ask<Call extends keyof Calls>(call: Call, given: Given<Call>, progress = (_share: number) => {}): Promise<Answer<Call>> {
    await this.ready;
    return new Promise((resolve, reject) => {
      const id = (this.last += 1);
      this.waiting.set(id, { resolve, reject, progress });
      this.worker.postMessage({ id, call, given } satisfies Question);
    });
  }

  /** Ends the worker; what was asked is not answered any more. */
  end(): void {
    this.isOver = true;
    this.worker.terminate();
    this.refuseAll();
  }

  private hear(said: Exclude<Said, { type: "ready" }>): void {
    const waiting = this.waiting.get(said.id);
    if (waiting === undefined) return;
    if (said.type === "progress") return waiting.progress(said.share);
    this.waiting.delete(said.id);
    if (said.type === "answer") return waiting.resolve(said.value as never);
    waiting.reject(new EngineError(said.failure));
    // What was open in the module is lost, so the worker is too.
    if (said.failure.code === "module_failed") this.lose();
  }

  private lose(): void {
    if (this.isOver) return;
    this.end();
    this.died();
  }

  private refuseAll(): void {
    for (const { reject } of this.waiting.values()) {
      reject(new EngineError({ code: "superseded", path: "", message: "the worker ended", hint: "" }));
    }
    this.waiting.clear();
  }
}
