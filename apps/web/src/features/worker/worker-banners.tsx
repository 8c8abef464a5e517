import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect } from "react";
import { Notice } from "../../components/notice.tsx";
import { useLive } from "../../live/live-context.tsx";
import { useServices } from "../../services.ts";

/** What everybody on this worker must know: an engine that does not answer, and isolation that is less than a container. */
export function WorkerBanners() {
  const { queries } = useServices();
  const { engine, snapshots } = useLive();
  const cache = useQueryClient();
  const { data: info, refetch } = useQuery(queries.info.queryOptions());
  // Events tell how it changes. How it is is asked for anew wherever some of them may have been missed.
  useEffect(() => {
    if (snapshots > 1) void refetch({ cancelRefetch: false });
  }, [snapshots, refetch]);
  useEffect(() => {
    if (engine === undefined) return;
    cache.setQueryData(queries.info.queryKey(), (known) => known && { ...known, engineAvailable: engine.available });
  }, [engine, cache, queries]);
  const available = engine?.available ?? info?.engineAvailable ?? true;
  return (
    <div className="space-y-3 empty:hidden">
      {!available && (
        <Notice tone="bad" title="The container engine does not answer" urgent>
          <p className="text-muted">
            {engine?.message ?? "Workspaces cannot be created or started until it is back; nothing is lost meanwhile."}
          </p>
          <p className="mt-1 text-muted">
            Check it on the worker: <code className="font-mono text-[0.8125rem]">ws doctor</code>
          </p>
        </Notice>
      )}
      {info?.isolation === "none" && (
        <Notice tone="bad" title="New workspaces on this worker are not isolated">
          <p className="text-muted">
            Their processes run as the worker's own user and can reach all of that user's files. Install Docker, or
            bubblewrap, to isolate them.
          </p>
        </Notice>
      )}
      {info?.isolation === "sandbox" && (
        <Notice tone="warn" title="New workspaces on this worker run in a sandbox, not in a container">
          <p className="text-muted">They share the worker's system and network. Install Docker for containers.</p>
        </Notice>
      )}
    </div>
  );
}

/** What is good to know of this worker and calls for nothing: below what the page is for. */
export function WorkerRemarks() {
  const { queries } = useServices();
  const { data: info } = useQuery(queries.info.queryOptions());
  if (info === undefined || info.remarks.length === 0) return null;
  return (
    <details className="mt-2 text-[0.8125rem] text-muted">
      <summary className="w-fit rounded-sm hover:text-ink">
        {info.remarks.length === 1 ? "1 thing" : `${info.remarks.length} things`} to know about this worker
      </summary>
      <ul className="mt-2 list-disc space-y-1 pl-6">
        {info.remarks.map((remark) => (
          <li key={remark}>{remark}</li>
        ))}
      </ul>
    </details>
  );
}
