import { KEYS, type Binding, type ScreenName } from "../keys.ts";
import { Line, type Piece } from "./line.tsx";

/** What each key does here, as the table of keys has it. */
export function Help({ screen, among }: { screen: ScreenName; among: "rows" | "text" | undefined }) {
  const sections: readonly (readonly [string, Readonly<Record<string, Binding>>])[] = [
    ["On this screen", KEYS[screen]],
    ...(among === undefined ? [] : [[AMONG[among], KEYS[among]] as const]),
    ["Everywhere", KEYS.everywhere],
  ];
  const told = sections.filter(([, table]) => Object.keys(table).length > 0);
  return (
    <scrollbox flexGrow={1} focused scrollbarOptions={{ visible: false }}>
      {told.flatMap(([title, table], index) => [
        ...(index === 0 ? [] : [<Line key={`before ${title}`} pieces={[" "]} />]),
        <Line key={title} pieces={[[title, "strong"]]} />,
        ...Object.values(table).map((binding) => <Line key={`${title} ${binding.shown}`} pieces={row(binding)} />),
      ])}
    </scrollbox>
  );
}

const AMONG = { rows: "Among rows", text: "Among lines" } as const;

function row({ shown, help }: Binding): Piece[] {
  return [[`  ${shown.padEnd(6)}`, "accent"], help];
}
