import type { BoxRenderable } from "@opentui/core";
import { useTerminalDimensions } from "@opentui/react";
import { memo, useMemo, useState } from "react";
import stringWidth from "string-width";
import { cut } from "../../output/cut.ts";
import { oneLine } from "../../output/printable.ts";
import { fitted, GAP, padded } from "../../output/table.ts";
import { useNow } from "../state/now.ts";
import type { Tone } from "../theme.ts";
import { Line, type Piece } from "./line.tsx";
import type { Selection } from "./selection.ts";

export interface Column<T> {
  readonly title: string;
  /** `now` in milliseconds, for ages. */
  readonly cell: (item: T, now: number) => string;
  readonly tone?: (item: T) => Tone;
  /** As numbers are compared. */
  readonly alignsRight?: true;
}

interface RowsProps<T> {
  columns: readonly Column<T>[];
  selection: Selection<T>;
  /** A second click on a row that is selected. */
  onOpen?: ((item: T) => void) | undefined;
}

/** Columns that fit, the title above; only the rows that are seen are drawn. */
export function Rows<T>({ columns: all, selection, onOpen }: RowsProps<T>) {
  const { items, index, select, move, idOf, setSeen } = selection;
  const terminal = useTerminalDimensions();
  // As it will nearly be, until it has a place.
  const [{ width, height }, setSize] = useState({ width: terminal.width - 2, height: terminal.height - 4 });
  const [before, setTop] = useState(0);
  const now = useNow();
  const { columns, cells } = useMemo(() => filled(all, items, now), [items, all, now]);
  const widths = useMemo(() => {
    const wanted = columns.map(({ title }, at) => Math.max(...[title, ...cells.map((row) => row[at] ?? "")].map(wide)));
    return fittedNames(wanted, Math.max(0, width - MARK.length));
  }, [columns, cells, width]);
  const rights = columns.map(({ alignsRight = false }) => alignsRight);
  const seen = Math.max(1, height - 1);
  const top = Math.max(0, Math.min(before, index, items.length - seen), index - seen + 1);
  if (top !== before) setTop(top);
  const shown = items.slice(top, top + seen);
  return (
    <box
      flexDirection="column"
      flexGrow={1}
      onSizeChange={function (this: BoxRenderable) {
        setSize({ width: this.width, height: this.height });
        setSeen(Math.max(1, this.height - 1));
      }}
      onMouseScroll={({ scroll }) => move(scroll?.direction === "up" ? -SCROLLED : SCROLLED)}
    >
      <Line
        pieces={[
          MARK.replace("▌", " "),
          [
            inColumns(
              columns.map(({ title }) => title),
              widths,
              rights,
            ).join(""),
            "muted",
          ],
        ]}
      />
      {shown.map((item, at) => (
        <Row
          key={idOf(item)}
          cells={cells[top + at] ?? []}
          tones={columns.map(({ tone }) => tone?.(item) ?? "plain").join(" ")}
          widths={widths}
          rights={rights}
          isSelected={top + at === index}
          onPress={() => (top + at === index ? onOpen?.(item) : select(item))}
        />
      ))}
    </box>
  );
}

/** Only columns that say something of any row, and the first one. */
function filled<T>(
  all: readonly Column<T>[],
  items: readonly T[],
  now: number,
): { columns: readonly Column<T>[]; cells: string[][] } {
  const cells = items.map((item) => all.map(({ cell }) => oneLine(cell(item, now))));
  const isFilled = all.map((_, at) => at === 0 || cells.some((row) => row[at] !== NOTHING));
  return {
    columns: all.filter((_, at) => isFilled[at]),
    cells: cells.map((row) => row.filter((_, at) => isFilled[at])),
  };
}

/** The name gives way first, as far as it is long, and takes what the others leave. */
function fittedNames(wanted: readonly number[], width: number): readonly number[] {
  const [name = 0] = wanted;
  const widths = fitted(wanted.with(0, Math.min(name, LONG_NAME)), width);
  const left = width - widths.reduce((sum, one) => sum + one, GAP.length * (widths.length - 1));
  const own = widths[0] ?? 0;
  return widths.with(0, Math.min(name, own + Math.max(0, left)));
}

const LONG_NAME = 24;

/** What a cell says of which there is nothing to say. */
export const NOTHING = "-";
const MARK = "▌ ";
const SCROLLED = 3;

interface RowProps {
  cells: readonly string[];
  /** One word for each cell, so that rows that look the same are. */
  tones: string;
  widths: readonly number[];
  rights: readonly boolean[];
  isSelected: boolean;
  onPress: () => void;
}

const Row = memo(
  function Row({ cells, tones, widths, rights, isSelected, onPress }: RowProps) {
    const looks = tones.split(" ") as Tone[];
    const pieces = inColumns(cells, widths, rights).map((text, at): Piece => {
      const tone = looks[at] ?? "plain";
      return [text, isSelected && tone !== "bad" ? (at === 0 ? "accent" : "strong") : tone];
    });
    return <Line pieces={[[isSelected ? MARK : "  ", "accent"], ...pieces]} onMouseDown={onPress} />;
  },
  // What is pressed is looked up when it is.
  (before, now) =>
    before.isSelected === now.isSelected &&
    before.cells.every((cell, at) => cell === now.cells[at]) &&
    before.tones === now.tones &&
    before.widths === now.widths,
);

function inColumns(cells: readonly string[], widths: readonly number[], rights: readonly boolean[]): string[] {
  return cells.map((cell, at) => {
    const width = widths[at] ?? 0;
    const text = padded(cut(cell, width), width);
    const placed = rights[at] === true ? `${" ".repeat(text.length - text.trimEnd().length)}${text.trimEnd()}` : text;
    return `${at === 0 ? "" : GAP}${placed}`;
  });
}

function wide(text: string): number {
  return stringWidth(text);
}
