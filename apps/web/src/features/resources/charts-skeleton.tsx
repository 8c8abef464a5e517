import { Skeleton } from "../../components/ui/skeleton.tsx";
import { MeasureGrid } from "./measure-grid.tsx";

const CARDS = 4;

/** As tall as the charts that will stand there, so that nothing below them moves. */
export function ChartsSkeleton() {
  return (
    <div role="status">
      <span className="sr-only">Loading what it used…</span>
      <MeasureGrid>
        {Array.from({ length: CARDS }, (_, index) => (
          <div key={index} className="h-[15.25rem] rounded-xl border border-line bg-surface p-3.5">
            <Skeleton className="h-4 w-24" />
          </div>
        ))}
      </MeasureGrid>
    </div>
  );
}

/** The same before the script of the charts is there: with the room of their heading. */
export function ResourcesSkeleton() {
  return (
    <section>
      <div className="mb-2.5">
        <h2 className="font-semibold">Resources</h2>
        <p className="text-[0.8125rem] text-muted">As they were measured.</p>
      </div>
      <ChartsSkeleton />
    </section>
  );
}
