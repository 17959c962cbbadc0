import { straight } from "../core/free-text.ts";
import { isObject } from "../core/statement.ts";

/** Rows as RFC 4180 CSV in UTF-8 with a byte order mark, by which spreadsheets know it; words become two columns. */
export function csvOf(rows: readonly Readonly<Record<string, unknown>>[]): string {
  const flat = rows.map(flatten);
  const columns = [...new Set(flat.flatMap((row) => Object.keys(row)))];
  const lines = flat.map((row) => columns.map((column) => cellOf(row[column])).join(","));
  return `\ufeff${[columns.join(","), ...lines].join("\r\n")}\r\n`;
}

const flatten = (row: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> =>
  Object.fromEntries(
    Object.entries(row).flatMap(([name, value]) =>
      isObject(value)
        ? Object.entries(value).map(([part, item]) => [`${name}_${part}`, item] as const)
        : [[name, value] as const],
    ),
  );

function cellOf(value: unknown): string {
  if (value === null || value === undefined) return "";
  if (typeof value === "number") return String(value);
  // What begins like a formula would be run by the spreadsheet of whoever opens the file.
  const text = straight(String(value)).replace(/^[=+\-@\t\r]/, "'$&");
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
