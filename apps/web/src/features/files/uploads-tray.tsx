import { CircleCheck, OctagonAlert, Upload, X } from "lucide-react";
import { useEffect, useSyncExternalStore } from "react";
import { bytes } from "../../components/amounts.ts";
import { Button } from "../../components/ui/button.tsx";
import { visible } from "../../components/visible.ts";
import type { Uploads } from "./uploads.ts";

/** How far uploads have come, below the tree; a question where something lies there already, and what went wrong. */
export function UploadsTray({ uploads }: { uploads: Uploads }) {
  const state = useSyncExternalStore(uploads.subscribe, uploads.state);
  const { files, done, into, bytes: total, sentBytes, running, cancelled, existing, failures } = state;
  const over = files > 0 && !running && existing.length === 0 && failures.length === 0;
  useEffect(() => {
    if (!over) return undefined;
    const timer = setTimeout(uploads.dismiss, SHOWN_MS);
    return () => clearTimeout(timer);
  }, [over, uploads]);
  if (files === 0 && failures.length === 0) return null;
  const asks = !running && existing.length > 0;
  const Icon = running ? Upload : failures.length > 0 ? OctagonAlert : CircleCheck;
  return (
    <section
      aria-label="Uploads"
      className="shrink-0 space-y-2 border-t border-line bg-surface px-3 py-2.5 text-[0.8125rem]"
    >
      <div className="flex items-center gap-2">
        <Icon
          className={`size-4 shrink-0 ${running ? "text-busy" : failures.length > 0 ? "text-bad" : "text-good"}`}
          aria-hidden
        />
        <p role="status" className="min-w-0 flex-1 break-words tabular-nums">
          {running
            ? `Uploading ${done + 1 > files ? files : done + 1} of ${count(files)}`
            : `${cancelled ? "Cancelled: " : ""}${count(done)} uploaded${whereTo(into)}`}
          {running && (
            <span className="block text-xs text-muted">
              {bytes(sentBytes)} of {bytes(total)}
            </span>
          )}
        </p>
        {running ? (
          <Button size="small" onClick={uploads.cancel}>
            Cancel
          </Button>
        ) : (
          !asks && (
            <Button variant="ghost" size="iconSmall" aria-label="Dismiss" onClick={uploads.dismiss}>
              <X aria-hidden />
            </Button>
          )
        )}
      </div>
      {running && (
        <progress
          className="block h-1 w-full appearance-none overflow-hidden rounded-full bg-raised [&::-moz-progress-bar]:bg-busy [&::-webkit-progress-bar]:bg-raised [&::-webkit-progress-value]:bg-busy"
          max={Math.max(1, total)}
          value={sentBytes}
          aria-label="Uploaded"
        />
      )}
      {asks && (
        <div role="alert" className="space-y-2 rounded-lg border border-warn/35 bg-warn-soft p-2.5">
          <p className="break-words">
            {existing.length === 1
              ? `'${visible(existing[0]?.path ?? "")}' is there already.`
              : `${existing.length} files are there already, '${visible(existing[0]?.path ?? "")}' among them.`}
          </p>
          <div className="flex flex-wrap gap-2">
            <Button size="small" onClick={uploads.replaceExisting}>
              Replace {existing.length === 1 ? "it" : "them"}
            </Button>
            <Button size="small" onClick={uploads.skipExisting}>
              Skip
            </Button>
          </div>
        </div>
      )}
      {failures.length > 0 && (
        <ul className="max-h-32 space-y-1.5 overflow-y-auto" aria-label="Not uploaded">
          {failures.slice(0, SHOWN).map(({ path, problem }) => (
            <li key={path} className="break-words">
              <span className="font-medium">{visible(path)}</span>: {problem.message}{" "}
              <span className="text-muted">{problem.next}</span>
            </li>
          ))}
          {failures.length > SHOWN && <li className="text-muted">and {failures.length - SHOWN} more</li>}
        </ul>
      )}
    </section>
  );
}

const SHOWN = 50;
/** Once everything is there, its line has been read by then. */
const SHOWN_MS = 8_000;

function whereTo(folder: string | undefined): string {
  if (folder === undefined) return "";
  return folder === "" ? ", to the top folder" : ` to ${visible(folder)}`;
}

function count(files: number): string {
  return files === 1 ? "1 file" : `${files.toLocaleString("en")} files`;
}
