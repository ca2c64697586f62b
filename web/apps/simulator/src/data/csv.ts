// CSV: values parted by commas, semicolons or tabs.

/** A line of a file: where it begins, and its values. */
export interface CsvRow {
  readonly line: number;
  readonly values: readonly string[];
}

/** Whether a text begins like a table: a first line with one of the separators. */
export function looksLikeCsv(begin: string): boolean {
  return /^[^\n<{[]*[,;\t][^\n]*\n/.test(begin);
}

/** All rows; the first is the header. A quote that isn't closed ends with its line. */
export function rowsOf(text: string): CsvRow[] {
  const clean = text.replace(/^\uFEFF/, "");
  const separator = separatorOf(clean);
  const rows: CsvRow[] = [];
  let line = 1;
  let start = 1;
  let values: string[] = [];
  let value = "";
  const endValue = () => {
    values.push(value);
    value = "";
  };
  const endRow = () => {
    endValue();
    if (values.some((one) => one !== "")) rows.push({ line: start, values });
    values = [];
    start = line;
  };
  for (let place = 0; place < clean.length; place += 1) {
    const letter = clean[place] as string;
    if (letter === '"' && value === "") {
      const { inner, end } = quoted(clean, place);
      value = inner;
      line += clean.slice(place, end).split("\n").length - 1;
      place = end - 1;
    } else if (letter === separator) endValue();
    else if (letter === "\n") {
      line += 1;
      endRow();
    } else if (letter !== "\r") value += letter;
  }
  if (value !== "" || values.length > 0) endRow();
  return rows;
}

function separatorOf(text: string): string {
  const [first = ""] = text.split("\n");
  const counts = [",", ";", "\t"].map((separator) => ({ separator, count: first.split(separator).length }));
  return counts.sort((one, other) => other.count - one.count)[0]?.separator ?? ",";
}

/** What stands between quotes, of which two are one; and the place after them. */
function quoted(text: string, begin: number): { inner: string; end: number } {
  let inner = "";
  for (let place = begin + 1; place < text.length; ) {
    const close = text.indexOf('"', place);
    if (close < 0) break;
    inner += text.slice(place, close);
    if (text[close + 1] !== '"') return { inner, end: close + 1 };
    inner += '"';
    place = close + 2;
  }
  const end = text.indexOf("\n", begin);
  const stop = end < 0 ? text.length : end;
  return { inner: text.slice(begin + 1, stop), end: stop };
}
