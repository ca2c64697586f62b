// When the windows open, for pictures: the rules decide by themselves (W1 to W4).

import { type Draft, textAt } from "./settings.js";
import { instantOf, localOf } from "./times.js";

const DAY = 86_400_000;

/** Which window, and the day since 1970 on which it opens. */
export interface WindowStart {
  readonly name: "sales" | "marketing_email" | "form_submission";
  readonly day: number;
}

/** When each window opens, by the moment at which sync was turned on. */
export function windowStarts(draft: Draft, zone: string): WindowStart[] {
  const enabled = textAt(draft, ["enabled_at"]);
  const start = (name: WindowStart["name"], span: string) => {
    const opened = windowOpens(enabled, span, zone);
    return opened === undefined ? [] : [{ name, day: opened / DAY }];
  };
  return [
    ...start("form_submission", textAt(draft, ["windows", "form_submission"]) || "P1Y"),
    ...start("marketing_email", textAt(draft, ["windows", "marketing_email"]) || "P30D"),
    ...start("sales", "PT0S"),
  ];
}

/** A moment less a span: first years to days, by the calendar of the zone, then hours and less. Undefined if one isn't to be read. */
export function windowOpens(moment: string, span: string, zone: string): number | undefined {
  const parts = /^P(?:(\d+)Y)?(?:(\d+)M)?(?:(\d+)W)?(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?)?$/i.exec(span);
  if (parts === null || Number.isNaN(Date.parse(moment))) return undefined;
  const [years = 0, months = 0, weeks = 0, days = 0, hours = 0, minutes = 0, seconds = 0] = parts.slice(1).map((part) => Number(part ?? 0));
  const local = new Date(`${localOf(moment, zone)}Z`);
  const day = local.getUTCDate();
  local.setUTCDate(1);
  local.setUTCMonth(local.getUTCMonth() - months - 12 * years);
  const lastDay = new Date(Date.UTC(local.getUTCFullYear(), local.getUTCMonth() + 1, 0)).getUTCDate();
  local.setUTCDate(Math.min(day, lastDay) - days - 7 * weeks);
  const opens = Date.parse(instantOf(local.toISOString().slice(0, 16), zone) ?? "");
  return opens - ((hours * 60 + minutes) * 60 + seconds) * 1000;
}
