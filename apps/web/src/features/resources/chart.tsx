import { useEffect, useEffectEvent, useRef } from "react";
import uPlot from "uplot";
import "uplot/dist/uPlot.min.css";
import "./chart.css";
import { useServices } from "../../services.ts";
import { chartOptions, type ChartColours } from "./chart-options.ts";
import type { Line } from "./history.ts";

interface ChartProps {
  line: Line;
  /** Seconds since the epoch. */
  from: number;
  to: number;
  ceiling: number;
  limit: number | undefined;
  tick: (value: number) => string;
  steps: number[];
  /** What it shows, in a sentence. */
  label: string;
  hovered: (index: number | null) => void;
  sync: string;
}

const HEIGHT = 148;

/** One measure over time. Lives as long as its card: new points, another theme and another width are drawn into the same one. */
export function Chart({ line, from, to, ceiling, limit, tick, steps, label, hovered, sync }: ChartProps) {
  const place = useRef<HTMLDivElement>(null);
  const chart = useRef<uPlot>(undefined);
  const bounds = useRef({ from, to, ceiling, limit });
  const { theme } = useServices();

  const make = useEffectEvent((element: HTMLDivElement, colours: () => ChartColours): uPlot => {
    const options = chartOptions({
      range: () => [bounds.current.from, bounds.current.to],
      ceiling: () => bounds.current.ceiling,
      limit: () => bounds.current.limit,
      size: sizeOf(element),
      key: sync,
      hovered,
      tick,
      steps,
      colours,
    });
    return new uPlot(options, dataOf(line), element);
  });

  useEffect(() => {
    const element = place.current;
    if (element === null) return;
    let colours = coloursOf(element);
    const made = make(element, () => colours);
    chart.current = made;
    const resized = new ResizeObserver(() => made.setSize(sizeOf(element)));
    resized.observe(element);
    const ends = [
      followTouch(made),
      theme.subscribe(() => {
        colours = coloursOf(element);
        made.redraw(false);
      }),
    ];
    return () => {
      for (const end of ends) end();
      resized.disconnect();
      made.destroy();
      chart.current = undefined;
    };
  }, [theme]);

  useEffect(() => {
    bounds.current = { from, to, ceiling, limit };
    chart.current?.setData(dataOf(line));
  }, [line, from, to, ceiling, limit]);

  // What is drawn cannot be read aloud; the sentence says what it comes to.
  return (
    <div ref={place} role="img" aria-label={label} className="min-w-0 overflow-hidden" style={{ height: HEIGHT }} />
  );
}

function sizeOf({ clientWidth }: HTMLElement): { width: number; height: number } {
  return { width: Math.max(clientWidth, 120), height: HEIGHT };
}

function dataOf({ at, mean, peak }: Line): uPlot.AlignedData {
  return [at, mean, peak ?? at.map(() => null)];
}

/** A canvas knows no variables: what each of them is on this page now. */
function coloursOf(element: HTMLElement): ChartColours {
  const probe = document.createElement("span");
  element.append(probe);
  const of = (name: string): string => {
    probe.style.color = `var(${name})`;
    return getComputedStyle(probe).color;
  };
  const mixed = (name: string, percent: number): string => {
    probe.style.color = `color-mix(in oklab, var(${name}) ${percent}%, transparent)`;
    return getComputedStyle(probe).color;
  };
  const found = {
    line: of("--accent"),
    fill: mixed("--accent", 13),
    peak: mixed("--accent", 55),
    grid: of("--line"),
    text: of("--muted"),
    limit: of("--warn"),
    font: getComputedStyle(element).fontFamily,
  };
  probe.remove();
  return found;
}

/** A finger that lies on a chart reads it as a pointer does; one that moves up or down scrolls the page. */
function followTouch(chart: uPlot): () => void {
  const { over } = chart;
  over.style.touchAction = "pan-y";
  const move = ({ touches }: TouchEvent): void => {
    const touch = touches[0];
    if (touch === undefined) return;
    const { left, top } = over.getBoundingClientRect();
    chart.setCursor({ left: touch.clientX - left, top: touch.clientY - top });
  };
  const end = (): void => chart.setCursor({ left: -10, top: -10 });
  over.addEventListener("touchstart", move, { passive: true });
  over.addEventListener("touchmove", move, { passive: true });
  over.addEventListener("touchend", end);
  over.addEventListener("touchcancel", end);
  return () => {
    over.removeEventListener("touchstart", move);
    over.removeEventListener("touchmove", move);
    over.removeEventListener("touchend", end);
    over.removeEventListener("touchcancel", end);
  };
}
