import { GitCompare, RotateCw } from "lucide-react";
import { useState } from "react";
import { Link } from "react-router";
import { LoadingLines } from "../../components/loading-lines.tsx";
import { Notice } from "../../components/notice.tsx";
import { PageTitle } from "../../components/page-title.tsx";
import { ProblemText } from "../../components/problem-text.tsx";
import { Button, buttonVariants } from "../../components/ui/button.tsx";
import { EmptyState } from "../../components/ui/empty-state.tsx";
import { Page } from "../../components/ui/page.tsx";
import { toProblem } from "../../problem.ts";
import type { Attempt } from "./attempt.ts";
import { Comparison } from "./comparison.tsx";
import { ComparisonsList } from "./comparisons-list.tsx";
import { PickDialog } from "./pick/pick-dialog.tsx";
import { useComparisons } from "./use-comparison.ts";

/** Attempts of one task beside each other, or, without an id, what there is to compare. */
export default function CompareView({ id }: { id: string | undefined }) {
  return (
    <>
      <PageTitle>Compare</PageTitle>
      <View id={id} />
    </>
  );
}

function View({ id }: { id: string | undefined }) {
  const { comparisons, error, isFetching, refetch } = useComparisons();
  const [picking, setPicking] = useState<Attempt>();
  if (comparisons === undefined) {
    return (
      <Page>
        {error === null ? (
          <LoadingLines label="Loading attempts…" widths={["w-44", "w-56", "w-36"]} />
        ) : (
          <Notice tone="bad" title="The attempts could not be read" urgent className="mx-auto max-w-xl">
            <ProblemText problem={toProblem(error)} />
            <Button size="small" className="mt-3" busy={isFetching} onClick={() => void refetch()}>
              <RotateCw aria-hidden />
              Try again
            </Button>
          </Notice>
        )}
      </Page>
    );
  }
  if (id === undefined) return <ComparisonsList comparisons={comparisons} />;
  const shown = comparisons.find(({ comparison }) => comparison.id === id);
  if (shown === undefined) {
    return isFetching ? (
      // One that was started this moment.
      <Page>
        <LoadingLines label="Loading attempts…" widths={["w-44", "w-56", "w-36"]} />
      </Page>
    ) : (
      <Page>
        <EmptyState
          Icon={GitCompare}
          title="There are no such attempts here"
          action={
            <Link to="/compare" className={buttonVariants({ variant: "primary" })}>
              What there is to compare
            </Link>
          }
        >
          A month after the last of their workspaces is gone they are forgotten.
        </EmptyState>
      </Page>
    );
  }
  const picked = shown.attempts.find(({ workspaceId }) => workspaceId === picking?.workspaceId);
  return (
    <>
      <Comparison key={id} {...shown} error={error} pick={setPicking} />
      {picked !== undefined && (
        <PickDialog
          {...shown}
          picked={picked}
          close={() => {
            setPicking(undefined);
            void refetch();
          }}
        />
      )}
    </>
  );
}
