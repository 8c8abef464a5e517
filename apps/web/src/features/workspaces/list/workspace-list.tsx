import type { WorkspaceInfo } from "@ws/rpc-contract";
import { SearchX } from "lucide-react";
import {
  startTransition,
  useCallback,
  useDeferredValue,
  useEffect,
  useMemo,
  useRef,
  useState,
  type ReactNode,
} from "react";
import { useHref } from "react-router";
import { agoShort } from "../../../components/amounts.ts";
import { Foot } from "../../../components/foot.tsx";
import { Button } from "../../../components/ui/button.tsx";
import { EmptyState } from "../../../components/ui/empty-state.tsx";
import { useLive, useLiveParts } from "../../../live/live-context.tsx";
import type { StepProgress } from "../../../live/workspaces.ts";
import { ActionDialogs } from "../actions/action-dialogs.tsx";
import type { Ask } from "../actions/ask.ts";
import { stepLine } from "../status.ts";
import { activityOf, arrange, filter, type Need } from "./arrange.ts";
import { count } from "./counts.ts";
import { EmptyList } from "./empty-list.tsx";
import { GroupRow } from "./group-row.tsx";
import { ListHead } from "./list-head.tsx";
import { ListSkeleton } from "./list-skeleton.tsx";
import { SelectionBar } from "./selection-bar.tsx";
import { Summary } from "./summary.tsx";
import { Toolbar } from "./toolbar.tsx";
import { useListInput } from "./use-list-input.ts";
import { useListView } from "./use-list-view.ts";
import { useSelection } from "./use-selection.ts";
import { useSurroundings } from "./use-surroundings.ts";
import { NO_FILTER } from "./view.ts";
import { WorkspaceRow } from "./workspace-row.tsx";

/** As many as most windows show; the rest of a long list follows once they are painted. */
const FIRST_ROWS = 24;
/** Few enough to be rendered between two other things: a step that is interrupted begins anew. */
const STEP_ROWS = 60;
const STEP_MS = 50;

interface WorkspaceListProps {
  create: () => void;
  /** What waits for somebody, by the workspace's id. */
  needs: ReadonlyMap<string, Need>;
  /** What all of them cost, where that is known. */
  cost?: ReactNode;
}

/** All workspaces, live: what is asked for of them by the address, in its order. Needs a `UsageProvider` above it. */
export function WorkspaceList({ create, ...props }: WorkspaceListProps) {
  const { workspaces } = useLive();
  if (workspaces === undefined) return <ListSkeleton />;
  if (workspaces.length === 0) return <EmptyList create={create} />;
  return <FilledList {...props} workspaces={workspaces} />;
}

type FilledListProps = Omit<WorkspaceListProps, "create"> & { workspaces: readonly WorkspaceInfo[] };

function FilledList({ workspaces, needs, cost }: FilledListProps) {
  const { progress, connection } = useLive();
  const live = useLiveParts();
  const [ask, setAsk] = useState<Ask>();
  const [selecting, setSelecting] = useState(false);
  const base = useHref("/").replace(/\/$/, "");
  const list = useRef<HTMLDivElement>(null);
  const field = useRef<HTMLInputElement>(null);
  const { view, change } = useListView();
  const around = useSurroundings(needs, view.sort.column);

  const { statuses, needs: onlyNeeds, changed, sort, group } = view;
  const text = useDeferredValue(view.text);
  const shown = useMemo(
    () => filter(workspaces, { text, statuses, needs: onlyNeeds, changed }, around),
    [workspaces, text, statuses, onlyNeeds, changed, around],
  );
  const items = useMemo(() => arrange(shown, { sort, group }, around), [shown, sort, group, around]);
  const counts = useMemo(() => count(workspaces, around), [workspaces, around]);
  const rendered = useGrowing(FIRST_ROWS, items.length);

  const selection = useSelection(shown);
  const { set: select, toggle } = selection;
  const clear = useCallback(() => {
    select([]);
    setSelecting(false);
  }, [select]);
  useListInput({ list, filter: field, toggle, clear });

  const chosen = selection.workspaces.length;
  return (
    <>
      <div className="-mt-3 mb-4">
        <Summary counts={counts} cost={cost} />
      </div>
      <Toolbar
        view={view}
        change={change}
        counts={counts}
        selecting={selecting}
        setSelecting={(on) => (on ? setSelecting(true) : clear())}
        seeAll={() => {
          live.changed.set(new Set());
          change({ changed: "" });
        }}
        field={field}
      />
      {items.length === 0 ? (
        <EmptyState
          Icon={SearchX}
          title="No workspace matches"
          action={<Button onClick={() => change(NO_FILTER)}>Clear the filter</Button>}
        >
          {view.text.trim() === ""
            ? "None is as the filter asks."
            : `Nothing of the filter “${view.text.trim()}” is in any of their names, repositories, branches or executions.`}
        </EmptyState>
      ) : (
        <div
          ref={list}
          role="table"
          aria-label="Workspaces"
          aria-busy={connection !== "live"}
          aria-rowcount={items.length + 1}
          data-selecting={selecting ? "" : undefined}
          className="group/list rounded-xl border border-line bg-surface"
        >
          <ListHead
            sort={sort}
            change={(next) => change({ sort: next })}
            selected={chosen === 0 ? false : chosen === shown.length || "indeterminate"}
            selectAll={(all) => select(all ? shown.map(({ id }) => id) : [])}
          />
          <div role="rowgroup" className="divide-y divide-line">
            {items.slice(0, rendered).map((item) => {
              if (item.kind === "group") return <GroupRow key={item.key} item={item} />;
              const { workspace } = item;
              const task = around.tasks.get(workspace.id);
              const need = around.needs.get(workspace.id);
              const activity = activityOf(workspace, task);
              return (
                <WorkspaceRow
                  key={item.key}
                  workspace={workspace}
                  task={task}
                  needLabel={need?.label}
                  needTo={need?.to}
                  line={lineOf(workspace, progress.get(workspace.id))}
                  age={agoShort(activity, around.now)}
                  activity={activity}
                  changed={around.news.has(workspace.id)}
                  selected={selection.has(workspace.id)}
                  toggle={toggle}
                  ask={setAsk}
                  base={base}
                />
              );
            })}
          </div>
        </div>
      )}
      <SelectionBar
        selected={selection.workspaces}
        selecting={selecting}
        live={connection === "live"}
        select={select}
        clear={clear}
      />
      <Foot commands={["ws list --usage"]} className="mt-4" />
      <ActionDialogs ask={ask} close={() => setAsk(undefined)} />
    </>
  );
}

/** What goes on in it, as one text, so that a row is rendered only where that changes. */
function lineOf(workspace: WorkspaceInfo, progress: StepProgress | undefined): string | undefined {
  const line = stepLine(workspace, progress);
  if (line === undefined || progress?.percent === undefined) return line;
  return `${line} (${Math.round(progress.percent)} %)`;
}

/** A count that starts at `first` and grows to `total` in steps that leave the page responsive. */
function useGrowing(first: number, total: number): number {
  const [count, setCount] = useState(first);
  useEffect(() => {
    if (count >= total) return;
    // What is there is painted first.
    let timer: ReturnType<typeof setTimeout> | undefined;
    const frame = requestAnimationFrame(() => {
      timer = setTimeout(() => startTransition(() => setCount(count + STEP_ROWS)), STEP_MS);
    });
    return () => {
      cancelAnimationFrame(frame);
      clearTimeout(timer);
    };
  }, [count, total]);
  return count;
}
