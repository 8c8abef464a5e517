import { Line } from "./line.tsx";
import type { Tone } from "../theme.ts";

export type Fact = readonly [title: string, value: string, tone?: Tone];

/** What is known of something, a row each, the values beneath one another. */
export function Facts({ facts }: { facts: readonly Fact[] }) {
  const width = Math.max(...facts.map(([title]) => title.length)) + 2;
  return (
    <box flexDirection="column" flexShrink={0}>
      {facts.map(([title, value, tone = "plain"]) => (
        <Line
          key={title}
          pieces={[
            [title.padEnd(width), "muted"],
            [value, tone],
          ]}
        />
      ))}
    </box>
  );
}
