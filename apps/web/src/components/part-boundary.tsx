import { Component, Suspense, type ReactNode } from "react";
import { toProblem } from "../problem.ts";
import { Notice } from "./notice.tsx";
import { Button } from "./ui/button.tsx";

interface PartBoundaryProps {
  children: ReactNode;
}

/**
 * Where a part of the page could not be loaded or shown, it says so in its place. Without this React would take the whole page
 * away, and every text in it that is not saved.
 */
export class PartBoundary extends Component<PartBoundaryProps, { error?: unknown }> {
  override state: { error?: unknown } = {};

  static getDerivedStateFromError(error: unknown): { error: unknown } {
    return { error };
  }

  override render(): ReactNode {
    if (!("error" in this.state)) return this.props.children;
    return (
      <div className="flex-1 overflow-y-auto px-4 py-8 sm:px-6">
        <Notice tone="bad" title="This part of the page could not be shown" urgent className="mx-auto max-w-xl">
          <p className="break-words text-muted">{toProblem(this.state.error).message}</p>
          <p className="text-muted">The worker may have been updated since the page was loaded.</p>
          <Button size="small" className="mt-3" onClick={() => location.reload()}>
            Load the page again
          </Button>
        </Notice>
      </div>
    );
  }
}

/** A part that is loaded when it is first shown. */
export function PartFrame({ fallback, children }: { fallback: ReactNode; children: ReactNode }) {
  return (
    <PartBoundary>
      <Suspense fallback={fallback}>{children}</Suspense>
    </PartBoundary>
  );
}
