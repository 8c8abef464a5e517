import { useQuery } from "@tanstack/react-query";
import { File } from "lucide-react";
import { useDeferredValue, useState, type ReactNode } from "react";
import { LoadingLines } from "../../components/loading-lines.tsx";
import { ProblemText } from "../../components/problem-text.tsx";
import { Button } from "../../components/ui/button.tsx";
import { visible } from "../../components/visible.ts";
import { toProblem } from "../../problem.ts";
import { useServices } from "../../services.ts";
import { parentOf, baseOf } from "../../file-paths.ts";

interface SearchPanelProps {
  name: string;
  /** Not empty. */
  query: string;
  open: (path: string, line?: number) => void;
}

const MOST = 200;

/** What was found in the tree's place: files by their names, or lines by their text. */
export function SearchPanel({ name, query, open }: SearchPanelProps) {
  const [by, setBy] = useState<"name" | "text">("name");
  const asked = useDeferredValue(query);
  return (
    <div className="flex min-h-0 flex-1 flex-col">
      <div className="flex shrink-0 gap-1 border-b border-line px-2 py-1.5" role="group" aria-label="Search in">
        {(["name", "text"] as const).map((kind) => (
          <Button
            key={kind}
            size="small"
            variant={by === kind ? "pressed" : "ghost"}
            aria-pressed={by === kind}
            onClick={() => setBy(kind)}
          >
            {kind === "name" ? "Names" : "Text"}
          </Button>
        ))}
      </div>
      {by === "name" ? (
        <FoundNames name={name} query={asked} open={open} />
      ) : (
        <FoundText name={name} query={asked} open={open} />
      )}
    </div>
  );
}

/** Typing asks again; what was found before stays until the answer is there. */
const kept = { placeholderData: <T,>(before: T) => before, staleTime: 5_000, retry: false };

function FoundNames({ name, query, open }: SearchPanelProps) {
  const { queries } = useServices();
  const found = useQuery(
    queries.files.find.queryOptions({ input: { name, query: query.trim(), maxResults: MOST }, ...kept }),
  );
  return (
    <Found
      error={found.error}
      waiting={found.isPending}
      count={found.data?.paths.length}
      truncated={found.data?.truncated === true}
      what="file"
    >
      {found.data?.paths.map((path) => (
        <li key={path}>
          <button type="button" className={resultClass} title={visible(path)} onClick={() => open(path)}>
            <File className="size-4 shrink-0 text-muted" aria-hidden />
            <span className="shrink-0 max-w-full truncate">{visible(baseOf(path))}</span>
            <span className="min-w-0 flex-1 truncate text-xs text-muted">{visible(parentOf(path))}</span>
          </button>
        </li>
      ))}
    </Found>
  );
}

function FoundText({ name, query, open }: SearchPanelProps) {
  const { queries } = useServices();
  const found = useQuery(
    queries.files.grep.queryOptions({
      input: { name, pattern: query, literal: true, ignoreCase: query === query.toLowerCase(), maxResults: MOST },
      ...kept,
    }),
  );
  const matches = found.data?.matches;
  return (
    <Found
      error={found.error}
      waiting={found.isPending}
      count={matches?.length}
      truncated={found.data?.truncated === true}
      what="line"
      unsearched={found.data?.tooLarge}
    >
      {matches?.map(({ path, line, text }, at) => (
        <li key={`${path}:${line}`}>
          {matches[at - 1]?.path !== path && (
            <p className="truncate px-3.5 pt-2 pb-0.5 text-xs font-medium text-muted" title={visible(path)}>
              {visible(path)}
            </p>
          )}
          <button type="button" className={resultClass} onClick={() => open(path, line)}>
            <span className="w-9 shrink-0 text-right text-xs text-muted tabular-nums">{line}</span>
            <span className="min-w-0 flex-1 truncate font-mono text-xs">
              <Marked text={text.trimStart()} query={query} />
            </span>
          </button>
        </li>
      ))}
    </Found>
  );
}

const resultClass =
  "flex h-7 w-full items-center gap-2 rounded-md px-2 text-left text-[0.8125rem] hover:bg-raised pointer-coarse:h-11";

function Marked({ text, query }: { text: string; query: string }) {
  const at = text.toLowerCase().indexOf(query.toLowerCase());
  if (at < 0) return text;
  // So that it is in sight however far to the right it stands.
  const from = at > 40 ? at - 20 : 0;
  return (
    <>
      {from > 0 && "…"}
      {text.slice(from, at)}
      <mark className="rounded-sm bg-accent-soft text-accent">{text.slice(at, at + query.length)}</mark>
      {text.slice(at + query.length)}
    </>
  );
}

interface FoundProps {
  error: unknown;
  waiting: boolean;
  count: number | undefined;
  truncated: boolean;
  what: string;
  /** Files that are too large to be searched. */
  unsearched?: readonly string[] | undefined;
  children: ReactNode;
}

function Found({ error, waiting, count, truncated, what, unsearched, children }: FoundProps) {
  if (error !== null) {
    return (
      <div role="alert" className="p-4">
        <ProblemText problem={toProblem(error)} />
      </div>
    );
  }
  if (waiting) {
    return <LoadingLines label="Searching…" widths={["w-40", "w-28", "w-48"]} className="px-4 py-3" />;
  }
  const said =
    count === 0
      ? `No ${what} was found. What git ignores is not searched.`
      : `${truncated ? "The first " : ""}${count} ${what}${count === 1 ? "" : "s"}`;
  return (
    <>
      <p role="status" className="shrink-0 px-3.5 pt-2 text-xs text-muted">
        {said}
      </p>
      {unsearched !== undefined && (
        <p className="shrink-0 truncate px-3.5 pt-1 text-xs text-muted" title={unsearched.join("\n")}>
          Too large to be searched: {unsearched.join(", ")}
        </p>
      )}
      <ul className="min-h-0 flex-1 overflow-y-auto p-1.5" aria-label="Found">
        {children}
      </ul>
    </>
  );
}
