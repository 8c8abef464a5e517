import { KEYS, type Binding, type ScreenName } from "../keys.ts";
import { Line, type Piece } from "./line.tsx";

/** What each key does here, as the table of keys has it. */
export function Help({ screen, hasRows }: { screen: ScreenName; hasRows: boolean }) {
  const sections: readonly (readonly [string, Readonly<Record<string, Binding>>])[] = [
    ["On this screen", KEYS[screen]],
    ...(hasRows ? [["Among rows", KEYS.rows] as const] : []),
    ["Everywhere", KEYS.everywhere],
  ];
  return (
    <scrollbox flexGrow={1} focused scrollbarOptions={{ visible: false }}>
      {sections.flatMap(([title, table], index) => [
        ...(index === 0 ? [] : [<Line key={`before ${title}`} pieces={[" "]} />]),
        <Line key={title} pieces={[[title, "strong"]]} />,
        ...Object.values(table).map((binding) => <Line key={`${title} ${binding.shown}`} pieces={row(binding)} />),
      ])}
    </scrollbox>
  );
}

function row({ shown, help }: Binding): Piece[] {
  return [[`  ${shown.padEnd(6)}`, "accent"], help];
}
