/** Columns as wide as their content, cut where the terminal is narrower; a pipe is never cut. */
export function table(header: readonly string[], rows: readonly (readonly string[])[], width = Infinity): string {
  const widths = header.map((title, column) =>
    Math.max(title.length, ...rows.map((row) => displayWidth(row[column] ?? ""))),
  );
  return [header, ...rows]
    .map((row) =>
      row
        .map((cell, column) =>
          column === row.length - 1 ? cell : cell + " ".repeat(Math.max(0, (widths[column] ?? 0) - displayWidth(cell))),
        )
        .join("  ")
        .trimEnd(),
    )
    .map((line) =>
      displayWidth(line) > width
        ? `${Array.from(line)
            .slice(0, width - 1)
            .join("")}…`
        : line,
    )
    .join("\n");
}

function displayWidth(text: string): number {
  return Array.from(text).length;
}
