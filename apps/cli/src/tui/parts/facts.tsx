import { Line } from "./line.tsx";
import type { Tone } from "../theme.ts";

export type Fact = readonly [title: string, value: string, tone?: Tone];

/** What is known of something, a row each, the values beneath one another. */
export function Facts({ facts, width = widest(facts) }: { facts: readonly Fact[]; width?: number }) {
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

function widest(facts: readonly Fact[]): number {
  return Math.max(...facts.map(([title]) => title.length)) + 2;
}
