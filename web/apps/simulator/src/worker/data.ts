// One snapshot: inside the rules, and as records that a person can be shown.

import { Snapshot } from "crosswalk-rules";
import type { Activity, Contact, Known, Owner, User } from "../protocol.js";
import { Elements, membersOf, valueAt } from "./elements.js";

/** So much is read at once; in between the worker answers. */
const PART = 4 * 1024 * 1024;

/** A snapshot that was opened. */
export class Data {
  readonly activities: Elements<Activity>;
  readonly contacts: Elements<Contact>;
  readonly known: Known;

  private constructor(
    readonly snapshot: Snapshot,
    bytes: Uint8Array,
  ) {
    const members = membersOf(bytes);
    const value = (key: string) => {
      const member = members.get(key);
      return member && valueAt(bytes, member);
    };
    // What has no id is left out by the rules too (I1), and they say so.
    const list = <Value>(key: string) => {
      const listed = value(key);
      return Array.isArray(listed) ? (listed.filter((one) => typeof one?.id === "string") as Value[]) : [];
    };
    this.activities = new Elements(bytes, members.get("activities"), (activity) => `${activity.kind}:${activity.id}`, ["kind", "id"]);
    this.contacts = new Elements(bytes, members.get("contacts"), (contact) => contact.id, ["id"]);
    this.known = {
      activities: snapshot.activities,
      records: snapshot.records,
      contacts: this.contacts.length,
      now: String(value("now") ?? ""),
      owners: list<Owner>("owners"),
      users: list<User>("users"),
      picklists: (value("picklists") ?? {}) as Known["picklists"],
    };
  }

  /** Reads a snapshot, part by part. `progress` is told the share that has been read, and may throw to stop. */
  static async read(blob: Blob, progress: (share: number) => Promise<void>): Promise<Data> {
    const snapshot = Snapshot.open();
    try {
      const bytes = new Uint8Array(blob.size);
      for (let start = 0; start < blob.size; start += PART) {
        const part = new Uint8Array(await blob.slice(start, start + PART).arrayBuffer());
        snapshot.append(part);
        bytes.set(part, start);
        await progress((start + part.length) / blob.size);
      }
      snapshot.close();
      return new Data(snapshot, bytes);
    } catch (error) {
      snapshot.free();
      throw error;
    }
  }

  free(): void {
    this.snapshot.free();
  }
}
