// Files that the page writes.

/** Offers a file for saving. */
export function save(name: string, type: string, parts: BlobPart[]): void {
  const url = URL.createObjectURL(new Blob(parts, { type }));
  const link = document.createElement("a");
  link.href = url;
  link.download = name;
  link.click();
  URL.revokeObjectURL(url);
}

/** One line of CSV. A value that a spreadsheet would take for a formula is made a text. */
export function csvLine(values: readonly (string | undefined)[]): string {
  const cells = values.map((value = "") => {
    const text = /^[=+\-@\t\r]/.test(value) ? `'${value}` : value;
    return /[",\n\r]/.test(text) ? `"${text.replace(/"/g, '""')}"` : text;
  });
  return `${cells.join(",")}\r\n`;
}
