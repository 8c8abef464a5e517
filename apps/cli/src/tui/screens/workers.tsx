import { ago } from "../../output/workspace.ts";
import { Words } from "../parts/line.tsx";
import { Page } from "../parts/page.tsx";
import { NOTHING, Rows, type Column } from "../parts/rows.tsx";
import { useSelection } from "../parts/selection.ts";
import { useApp, type OtherWorkers, type ReachedWorker } from "../state/app-context.ts";
import { useLoaded } from "../state/load.ts";

/** The workers that this device reaches, by itself or through the agent that commands are for. */
export function Workers() {
  const app = useApp();
  const loaded = useLoaded(app.workers, list);
  const workers = loaded.kind === "there" ? loaded.value : NONE;
  const selection = useSelection(workers, idOf);
  const { item } = selection;
  const hasOthers = workers.some(({ isShown }) => !isShown);
  const use = (worker: ReachedWorker): Promise<void> => app.use(worker);
  return (
    <Page
      screen="workers"
      path={["workers"]}
      rows={hasOthers ? selection.keys : undefined}
      actions={item === undefined || !hasOthers ? {} : { use: () => use(item) }}
    >
      {loaded.kind === "failed" ? (
        <Words pieces={[[loaded.why, "bad"]]} />
      ) : loaded.kind === "loading" ? (
        <Words pieces={[["Asking the workers …", "muted"]]} />
      ) : !hasOthers ? (
        <Words
          pieces={[
            ["No other worker.", "strong"],
            ["\n\nLet this device in on one that shows a code with 'ws pair': ", "muted"],
            app.asCalled("ws pair HOST"),
            ["\nLet one dial out to this one: ", "muted"],
            app.asCalled("ws worker add NAME"),
          ]}
        />
      ) : (
        <Rows columns={COLUMNS} selection={selection} onOpen={(worker) => app.act(() => use(worker))} />
      )}
      {item?.problem !== undefined && <Words pieces={[[item.problem, "bad"]]} rows={3} />}
    </Page>
  );
}

const NONE: readonly ReachedWorker[] = [];
const idOf = ({ name, via }: ReachedWorker): string => `${via} ${name}`;

const COLUMNS: readonly Column<ReachedWorker>[] = [
  { title: "WORKER", cell: ({ name, isShown }) => (isShown ? `${name} (shown)` : name) },
  { title: "STATE", cell: ({ state }) => state, tone: ({ state }) => (state === "online" ? "plain" : "muted") },
  { title: "VIA", cell: ({ via }) => via, tone: () => "muted" },
  {
    title: "WORKSPACES",
    cell: ({ workspaces }) => (workspaces === undefined ? NOTHING : String(workspaces)),
    alignsRight: true,
  },
  {
    title: "SEEN",
    cell: ({ lastSeen }, now) => (lastSeen === undefined ? NOTHING : ago(lastSeen, now)),
    tone: () => "muted",
  },
  { title: "HOST", cell: ({ hostname = NOTHING }) => hostname, tone: () => "muted" },
  { title: "VERSION", cell: ({ version = NOTHING }) => version, tone: () => "muted" },
];

function list(workers: Pick<OtherWorkers, "list">): Promise<readonly ReachedWorker[]> {
  return workers.list();
}
