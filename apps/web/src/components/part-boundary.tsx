import { Component, Suspense, type ReactNode } from "react";
import { PartMissing } from "../part-missing.ts";
import { toProblem, type Problem } from "../problem.ts";
import { Notice } from "./notice.tsx";
import { ProblemText } from "./problem-text.tsx";
import { Button } from "./ui/button.tsx";

/** What is shown in place of a part that failed. */
export interface Failed {
  problem: Problem;
  /** Shows the part again, loaded anew where it did not come. */
  again: () => void;
}

interface PartBoundaryProps {
  children: ReactNode;
  /** Which page it is part of: on another one it is tried anew. */
  page?: string;
  /** Says it in the part's place where absent. */
  renderFailed?: (failed: Failed) => ReactNode;
}

/**
 * Where a part of the page could not be loaded or shown, it says so in its place. Without this React would take the whole page
 * away, and every text in it that is not saved.
 */
export class PartBoundary extends Component<PartBoundaryProps, { failure?: { error: unknown } | undefined }> {
  override state: { failure?: { error: unknown } | undefined } = {};

  static getDerivedStateFromError(error: unknown): { failure: { error: unknown } } {
    return { failure: { error } };
  }

  override componentDidUpdate({ page }: PartBoundaryProps): void {
    if (page !== this.props.page && this.state.failure !== undefined) this.again();
  }

  override componentWillUnmount(): void {
    this.forget();
  }

  override render(): ReactNode {
    const { failure } = this.state;
    const { children, renderFailed = sayInPlace } = this.props;
    return failure === undefined ? children : renderFailed({ problem: problemOf(failure.error), again: this.again });
  }

  private readonly again = (): void => {
    this.forget();
    this.setState({ failure: undefined });
  };

  private forget(): void {
    const error = this.state.failure?.error;
    if (error instanceof PartMissing) error.forget();
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

function sayInPlace({ problem, again }: Failed): ReactNode {
  return (
    <div className="flex-1 overflow-y-auto px-4 py-8 sm:px-6">
      <Notice tone="bad" title="This part of the page could not be shown" urgent className="mx-auto max-w-xl">
        <ProblemText problem={problem} />
        <div className="mt-3 flex flex-wrap gap-2">
          <Button size="small" onClick={again}>
            Try again
          </Button>
          <LoadPage />
        </div>
      </Notice>
    </div>
  );
}

/** The browser asks first where something in the page is not saved. */
export function LoadPage() {
  return (
    <Button size="small" variant="ghost" onClick={() => location.reload()}>
      Load the page again
    </Button>
  );
}

/** What fails in the page itself is a defect of it, and no answer that did not come. */
function problemOf(error: unknown): Problem {
  if (error instanceof PartMissing) return toProblem(error);
  const message = error instanceof Error ? error.message : String(error);
  return { code: "unexpected", message, next: "Load the page again, and report it where that does not help." };
}
