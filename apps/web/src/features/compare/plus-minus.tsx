/** Lines that came and went. */
export function PlusMinus({ additions, deletions }: { additions: number; deletions: number }) {
  return (
    <span className="font-mono text-xs whitespace-nowrap tabular-nums">
      <span className="text-good">+{additions.toLocaleString("en")}</span>{" "}
      <span className="text-bad">−{deletions.toLocaleString("en")}</span>
    </span>
  );
}
