import type uPlot from "uplot";

export interface ChartColours {
  line: string;
  fill: string;
  peak: string;
  grid: string;
  text: string;
  limit: string;
  font: string;
}

export interface ChartShape {
  /** In seconds since the epoch, as they are when it is drawn. */
  range: () => [number, number];
  ceiling: () => number;
  limit: () => number | undefined;
  /** Told which point the pointer is at. */
  hovered: (index: number | null) => void;
  /** A value as its axis has it. */
  tick: (value: number) => string;
  /** Distances between ticks, smallest first. */
  steps: number[];
  colours: () => ChartColours;
  size: { width: number; height: number };
  /** Charts of one key show the same instant. */
  key: string;
}

const MINUTE = 60;
const HOUR = 3_600;
/** Of one width at all hours, so that the last one has its room at the edge. */
const time = new Intl.DateTimeFormat(undefined, { hour: "2-digit", minute: "2-digit", hourCycle: "h23" });

/** One measure over time: its mean as a line over a tinted ground, its peaks as a thin line above, its limit as a dashed one. */
export function chartOptions(shape: ChartShape): uPlot.Options {
  const { colours, range, ceiling, size } = shape;
  const axis: uPlot.Axis = {
    stroke: () => colours().text,
    font: `12px ${colours().font}`,
    grid: { stroke: () => colours().grid, width: 1 },
    ticks: { show: false },
    gap: 6,
  };
  return {
    ...size,
    padding: [8, 16, 0, 0],
    legend: { show: false },
    cursor: {
      drag: { x: false, y: false },
      y: false,
      sync: { key: shape.key },
      points: { size: 7, fill: () => colours().line, stroke: () => colours().line },
    },
    scales: { x: { time: true, range }, y: { range: () => [0, ceiling()] } },
    axes: [
      {
        ...axis,
        grid: { show: false },
        size: 28,
        space: 72,
        incrs: [
          5 * MINUTE,
          10 * MINUTE,
          15 * MINUTE,
          30 * MINUTE,
          HOUR,
          2 * HOUR,
          3 * HOUR,
          4 * HOUR,
          6 * HOUR,
          12 * HOUR,
        ],
        values: (_, splits) => splits.map((at) => time.format(at * 1_000)),
      },
      {
        ...axis,
        size: 62,
        space: 34,
        incrs: shape.steps,
        values: (_, splits) => splits.map((value) => shape.tick(value)),
      },
    ],
    series: [
      {},
      { stroke: () => colours().line, fill: () => colours().fill, width: 1.5, points: { show: false } },
      { stroke: () => colours().peak, width: 1, points: { show: false } },
    ],
    hooks: {
      draw: [(chart) => drawLimit(chart, shape.limit(), colours().limit)],
      setCursor: [(chart) => shape.hovered(chart.cursor.idx ?? null)],
    },
  };
}

function drawLimit(chart: uPlot, limit: number | undefined, colour: string): void {
  const { ctx, bbox, scales } = chart;
  if (limit === undefined || limit > (scales["y"]?.max ?? 0)) return;
  const y = Math.round(chart.valToPos(limit, "y", true));
  ctx.save();
  ctx.strokeStyle = colour;
  ctx.lineWidth = devicePixelRatio;
  ctx.setLineDash([4 * devicePixelRatio, 4 * devicePixelRatio]);
  ctx.beginPath();
  ctx.moveTo(bbox.left, y);
  ctx.lineTo(bbox.left + bbox.width, y);
  ctx.stroke();
  ctx.restore();
}
