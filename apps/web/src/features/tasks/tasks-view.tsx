import { useQuery } from "@tanstack/react-query";
import type { TaskInfo } from "@ws/rpc-contract";
import { GitCompare, ListChecks, Plus, RotateCw } from "lucide-react";
import { useCallback, useEffect, useMemo, useRef, useState } from "react";
import { Link } from "react-router";
import { compareAddress } from "../../components/compare-address.ts";
import { Notice } from "../../components/notice.tsx";
import { ProblemText } from "../../components/problem-text.tsx";
import { Button, buttonVariants } from "../../components/ui/button.tsx";
import { EmptyState } from "../../components/ui/empty-state.tsx";
import { Skeleton } from "../../components/ui/skeleton.tsx";
import { toProblem } from "../../problem.ts";
import { useServices } from "../../services.ts";
import { waitingOf } from "../../tasks/queue.ts";
import { useTask } from "../../tasks/use-tasks.ts";
import { NewTaskDialog } from "./new-task-dialog.tsx";
import { sectionsOf } from "./sections.ts";
import { TaskRow } from "./task-row.tsx";
import { useCreating, useOpenedTask, useOpenTask } from "./use-open-task.ts";
import { useTaskList } from "./use-task-list.ts";

interface TasksViewProps {
  /** Of which they are; all where absent. */
  workspace?: { id: string; name: string };
  /** Where a new one can be: names. */
  places: readonly string[];
  /** The page's own title, where it is one. */
  heading?: string;
}

/** The task monitor: what needs somebody, what runs, what waits and why, and what became of the rest. */
export default function TasksView({ workspace, places, heading }: TasksViewProps) {
  const { tasks, problem, retry, older, loadingOlder } = useTaskList(workspace);
  const opened = useOpenedTask();
  const openTask = useOpenTask();
  const [creating, setCreating] = useCreating();
  const toggle = useCallback((id: string) => openTask(id === opened ? undefined : id), [openTask, opened]);
  const now = useQuarterMinute();
  const sections = useMemo(() => sectionsOf(tasks ?? []), [tasks]);
  const waiting = useMemo(() => waitingOf(tasks ?? [], now), [tasks, now]);
  const isListed = opened === undefined || tasks?.some(({ id }) => id === opened) === true;
  useInSight(opened, tasks !== undefined);

  if (tasks === undefined) {
    return problem === undefined ? (
      <>
        {heading !== undefined && <h1 className="mb-5 text-lg leading-9 font-semibold">{heading}</h1>}
        <ListSkeleton />
      </>
    ) : (
      <Notice tone="bad" title="The tasks could not be read" urgent className="mx-auto max-w-xl">
        <ProblemText problem={problem} />
        <Button size="small" className="mt-3" onClick={retry}>
          <RotateCw aria-hidden />
          Try again
        </Button>
      </Notice>
    );
  }
  const rowProps = (task: TaskInfo) => ({
    task,
    waiting: waiting.get(task.id),
    showsWorkspace: workspace === undefined,
    open: task.id === opened,
    toggle,
    show: openTask,
  });
  return (
    <div className="space-y-5">
      <div className="flex min-h-9 items-center justify-between gap-3">
        <div className="min-w-0 sm:flex sm:items-baseline sm:gap-3">
          {heading !== undefined && <h1 className="text-lg leading-9 font-semibold">{heading}</h1>}
          {tasks.length > 0 && <p className="text-[0.8125rem] text-muted">{summary(sections)}</p>}
        </div>
        <span className="flex shrink-0 items-center gap-2">
          {tasks.some(({ execution }) => compareAddress(execution) !== undefined) && (
            <Link to="/compare" className={buttonVariants({ variant: "secondary" })}>
              <GitCompare aria-hidden />
              <span className="max-sm:sr-only">Compare</span>
            </Link>
          )}
          {tasks.length > 0 && places.length > 0 && (
            <Button variant="primary" onClick={() => setCreating(true)}>
              <Plus aria-hidden />
              New task
            </Button>
          )}
        </span>
      </div>
      {problem !== undefined && (
        <Notice tone="warn" title="This may be old: the tasks could not be read again">
          <ProblemText problem={problem} />
        </Notice>
      )}
      {!isListed && opened !== undefined && (
        <LinkedTask id={opened} showsWorkspace={workspace === undefined} toggle={toggle} show={openTask} />
      )}
      {tasks.length === 0 && isListed && (
        <NoTasks workspace={workspace} places={places} create={() => setCreating(true)} />
      )}
      {sections.map(({ title, tasks: shown }) => (
        <section key={title} aria-label={title}>
          <h2 className="mb-1.5 flex items-baseline gap-2 text-[0.8125rem] font-semibold text-muted">
            {title}
            <span className="font-normal tabular-nums">{shown.length}</span>
          </h2>
          <ul
            aria-label={`${title} tasks`}
            className="divide-y divide-line overflow-hidden rounded-xl border border-line bg-surface"
          >
            {shown.map((task) => (
              <TaskRow key={task.id} {...rowProps(task)} />
            ))}
          </ul>
        </section>
      ))}
      {older !== undefined && (
        <Button size="small" busy={loadingOlder} onClick={older} className="mx-auto flex">
          Show older tasks
        </Button>
      )}
      {creating && (
        <NewTaskDialog
          places={workspace === undefined ? places : [workspace.name]}
          close={() => setCreating(false)}
          created={openTask}
        />
      )}
    </div>
  );
}

interface LinkedProps {
  showsWorkspace: boolean;
  toggle: (id: string) => void;
  show: (id: string) => void;
}

/** One that a link named and that is older than what is listed. */
function LinkedTask({ id, ...props }: LinkedProps & { id: string }) {
  const { queries } = useServices();
  const { data, error } = useQuery({ ...queries.tasks.get.queryOptions({ input: { task: id } }), retry: false });
  if (error !== null) {
    return (
      <Notice tone="warn" title="The task of this link is not here">
        <ProblemText problem={toProblem(error)} />
      </Notice>
    );
  }
  return data === undefined ? <ListSkeleton /> : <LinkedRow task={data} {...props} />;
}

function LinkedRow({ task, ...props }: LinkedProps & { task: TaskInfo }) {
  return (
    <ul aria-label="The task of this link" className="overflow-hidden rounded-xl border border-line bg-surface">
      <TaskRow task={useTask(task)} waiting={undefined} open {...props} />
    </ul>
  );
}

interface NoTasksProps {
  workspace: { name: string } | undefined;
  places: readonly string[];
  create: () => void;
}

function NoTasks({ workspace, places, create }: NoTasksProps) {
  return (
    <EmptyState
      Icon={ListChecks}
      title="No tasks yet"
      {...(places.length > 0 && {
        command: `ws task add ${workspace?.name ?? places[0] ?? "demo"} -- npm test`,
        action: (
          <Button variant="primary" onClick={create}>
            <Plus aria-hidden />
            New task
          </Button>
        ),
      })}
    >
      {places.length === 0
        ? "A task runs in a workspace. Create one first."
        : "A task goes on without you: queue a command, close the laptop, come back for what became of it."}
    </EmptyState>
  );
}

function summary(sections: ReturnType<typeof sectionsOf>): string {
  const count = (title: string) => sections.find((section) => section.title === title)?.tasks.length ?? 0;
  const running = count("Running");
  const queued = count("Queued");
  if (running === 0 && queued === 0) return "Nothing is running.";
  return `${running} running, ${queued} queued`;
}

/** The present instant for what may become due, four times a minute. */
function useQuarterMinute(): number {
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 15_000);
    return () => clearInterval(timer);
  }, []);
  return now;
}

/** A task that a link or a press opened is scrolled to, once. */
function useInSight(opened: string | undefined, ready: boolean): void {
  const seen = useRef<string>(undefined);
  useEffect(() => {
    if (!ready || opened === seen.current) return;
    seen.current = opened;
    const row = opened === undefined ? null : document.getElementById(opened);
    // In the lower half there would be no room for what it opens to.
    if (row !== null && row.getBoundingClientRect().top > innerHeight * 0.45) row.scrollIntoView({ block: "start" });
  }, [opened, ready]);
}

function ListSkeleton() {
  return (
    <div role="status" className="divide-y divide-line rounded-xl border border-line bg-surface">
      <span className="sr-only">Loading tasks…</span>
      {["w-40", "w-64", "w-52"].map((width) => (
        <div key={width} className="flex min-h-12 items-center gap-3 px-4">
          <Skeleton className="size-4.5 rounded-full" />
          <Skeleton className={`h-4 max-w-full ${width}`} />
        </div>
      ))}
    </div>
  );
}
