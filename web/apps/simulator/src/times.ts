// Times of a time zone, as forms have them.

/** The parts of an instant's local time, by the names that `Intl` has. */
function partsOf(instant: number, zone: string): Record<string, string> {
  const format = new Intl.DateTimeFormat("en-CA", {
    timeZone: zone,
    hourCycle: "h23",
    year: "numeric",
    month: "2-digit",
    day: "2-digit",
    hour: "2-digit",
    minute: "2-digit",
    second: "2-digit",
  });
  return Object.fromEntries(format.formatToParts(instant).map(({ type, value }) => [type, value]));
}

/** Whether there is such a time zone. */
export function isZone(zone: string): boolean {
  try {
    return zone !== "" && new Intl.DateTimeFormat("en", { timeZone: zone }) !== undefined;
  } catch {
    return false;
  }
}

/** An instant as the value of a field for local times; empty if it is none. */
export function localOf(time: string | undefined, zone: string): string {
  const instant = Date.parse(time ?? "");
  if (Number.isNaN(instant)) return "";
  const part = partsOf(instant, isZone(zone) ? zone : "UTC");
  return `${part.year}-${part.month}-${part.day}T${part.hour}:${part.minute}`;
}

/** The instant of a local time; of one that comes twice, the earlier. Undefined if it is none. */
export function instantOf(local: string, zone: string): string | undefined {
  const wanted = Date.parse(`${local}Z`);
  if (Number.isNaN(wanted)) return undefined;
  const used = isZone(zone) ? zone : "UTC";
  const offset = (instant: number) => {
    const part = partsOf(instant, used);
    const seen = Date.parse(`${part.year}-${part.month}-${part.day}T${part.hour}:${part.minute}:${part.second}Z`);
    return seen - instant;
  };
  const DAY = 86_400_000;
  const instants = [offset(wanted - DAY), offset(wanted + DAY)].map((shift) => wanted - shift);
  const fitting = instants.filter((instant) => instant + offset(instant) === wanted);
  return new Date(Math.min(...(fitting.length > 0 ? fitting : [Math.max(...instants)]))).toISOString().replace(".000Z", "Z");
}
