import { useMemo } from "react";
import { encode } from "uqr";

/** A text as a picture for the camera of a phone: dark on light also by night, since not every camera takes the other way round. */
export function QrCode({ text, label }: { text: string; label: string }) {
  const { size, path } = useMemo(() => draw(text), [text]);
  return (
    <svg
      role="img"
      aria-label={label}
      viewBox={`0 0 ${size} ${size}`}
      shapeRendering="crispEdges"
      className="aspect-square w-48 max-w-full shrink-0 rounded-lg border border-line bg-[#fff]"
    >
      <path d={path} fill="#000" />
    </svg>
  );
}

/** The dark runs of each row, in units of one module. A reader needs four light ones around. */
function draw(text: string): { size: number; path: string } {
  const { data, size } = encode(text, { ecc: "M", border: 4 });
  const runs = data.flatMap((row, y) =>
    row.flatMap((dark, x) => {
      if (!dark || row[x - 1] === true) return [];
      const end = row.indexOf(false, x);
      return [`M${x} ${y}h${(end === -1 ? row.length : end) - x}v1H${x}z`];
    }),
  );
  return { size, path: runs.join("") };
}
