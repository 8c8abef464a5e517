import { bytes } from "../../components/amounts.ts";

/** How a measure is shown. */
export interface Look {
  title: string;
  /** A value in words. */
  show: (value: number) => string;
  /** The same, as an axis has room for. */
  tick: (value: number) => string;
  /** Distances between the ticks of its axis. */
  steps: number[];
  /** A chart of less than this would be all noise. */
  least: number;
  /** It says more where it stands than what it was on average. */
  rises?: boolean;
}

const powersOfTwo = Array.from({ length: 45 }, (_, power) => 2 ** power);
const decimals = [1, 2, 5, 10, 20, 25, 50, 100, 200, 250, 500, 1_000, 2_000, 5_000, 10_000];

const percent = (value: number): string => `${value < 10 ? Number(value.toFixed(1)) : Math.round(value)} %`;
const count = (value: number): string => String(Math.round(value));

export const LOOKS: Readonly<Record<"cpu" | "memory" | "processes" | "disk", Look>> = {
  cpu: { title: "CPU", show: percent, tick: percent, steps: decimals, least: 10 },
  memory: { title: "Memory", show: bytes, tick: bytes, steps: powersOfTwo, least: 16 * 1024 ** 2 },
  processes: { title: "Processes", show: count, tick: count, steps: decimals, least: 8 },
  disk: { title: "Disk", show: bytes, tick: bytes, steps: powersOfTwo, least: 16 * 1024 ** 2, rises: true },
};
