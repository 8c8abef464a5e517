import { useMemo, useState } from "react";
import { LoadingLines } from "../../components/loading-lines.tsx";
import { saveFile } from "../../components/save-file.ts";
import { useToaster } from "../../components/ui/toast.tsx";
import { useServices } from "../../services.ts";
import { LogList } from "./log-list.tsx";
import { found, nextHit, ofSource, type SourceFilter } from "./log-search.ts";
import { LogToolbar } from "./log-toolbar.tsx";
import { useLog, type Log } from "./use-log.ts";

/** As many as the worker tells at once. */
const ALL = 100_000;
const KEYS = { wrap: "ws.logs.wrap", times: "ws.logs.times" };

/** The workspace's log as it grows. Scrolling up stops following; the button or the end starts it again. */
export default function LogsView({ name }: { name: string }) {
  const { client } = useServices();
  const toaster = useToaster();
  const log = useLog(name);
  const [held, setHeld] = useState<Log>();
  const [follow, setFollow] = useState(true);
  const [query, setQuery] = useState("");
  const [source, setSource] = useState<SourceFilter>("all");
  const [current, setCurrent] = useState<number>();
  const [wrap, setWrap] = useSwitch(KEYS.wrap, true);
  const [times, setTimes] = useSwitch(KEYS.times, true);
  const [downloading, setDownloading] = useState(false);

  const { lines: all, dropped } = held ?? log;
  const lines = useMemo(() => ofSource(all, source), [all, source]);
  const hits = useMemo(() => found(lines, query), [lines, query]);
  // Of lines that have gone, or are not shown, none is the one that was gone to.
  const at = current === undefined ? undefined : lines.findIndex(({ id }) => id === current);
  const place = at === -1 ? undefined : at;

  const go = (step: 1 | -1) => {
    const hit = nextHit(hits, place, step);
    if (hit === undefined) return;
    setFollow(false);
    setCurrent(lines[hit]?.id);
  };
  const download = async () => {
    setDownloading(true);
    try {
      const text = await client.workspaces.logs({ name, tail: ALL });
      saveFile(new Blob([text]), `${name}.log`);
    } catch (error) {
      toaster.failed("The log was not downloaded", error);
    }
    setDownloading(false);
  };

  return (
    <section aria-label="Logs" className="flex min-h-0 min-w-0 flex-1 flex-col">
      <LogToolbar
        state={log.state}
        held={held === undefined ? undefined : newerThan(log, held)}
        setHeld={(on) => setHeld(on ? log : undefined)}
        follow={follow}
        setFollow={setFollow}
        query={query}
        setQuery={(next) => {
          setQuery(next);
          setCurrent(undefined);
        }}
        hits={{ count: hits.length, at: place === undefined ? undefined : hits.indexOf(place) + 1 || undefined }}
        go={go}
        source={source}
        setSource={setSource}
        wrap={wrap}
        setWrap={setWrap}
        times={times}
        setTimes={setTimes}
        downloading={downloading}
        download={() => void download()}
      />
      {dropped && (
        <p className="border-b border-line bg-terminal px-4 py-1.5 text-[0.8125rem] text-muted sm:px-6">
          Earlier lines are not shown here. Download the log, or <code className="font-mono">ws logs {name}</code>.
        </p>
      )}
      {log.state === "loading" && lines.length === 0 ? (
        <LoadingLines
          label="Loading the log…"
          widths={["w-72", "w-56", "w-80"]}
          className="flex-1 bg-terminal p-4 sm:px-6"
        />
      ) : lines.length === 0 ? (
        <p className="flex-1 bg-terminal px-4 py-3 font-mono text-[0.8125rem] text-muted sm:px-6">
          {source === "all" ? "Nothing was logged yet." : "No lines of this kind."}
        </p>
      ) : (
        <LogList
          lines={lines}
          query={query}
          current={place}
          wrap={wrap}
          times={times}
          follow={follow && held === undefined}
          setFollow={setFollow}
        />
      )}
    </section>
  );
}

/** How many lines came since. */
function newerThan(log: Log, held: Log): number {
  return Math.max(0, (log.lines.at(-1)?.id ?? 0) - (held.lines.at(-1)?.id ?? 0));
}

/** On or off, as this browser was left with it. */
function useSwitch(key: string, usual: boolean): [boolean, (on: boolean) => void] {
  const [on, setOn] = useState(() => (localStorage.getItem(key) ?? (usual ? "1" : "0")) === "1");
  return [
    on,
    (next) => {
      localStorage.setItem(key, next ? "1" : "0");
      setOn(next);
    },
  ];
}
