import { useQuery } from "@tanstack/react-query";
import { visible } from "../../../components/visible.ts";
import { useServices } from "../../../services.ts";
import { LossDialog } from "../loss-dialog.tsx";
import { useGitPanel } from "../use-git.ts";
import { type Change, pathsOf } from "./changes.ts";

const SHOWN = 8;
/** As many are removed at once. */
const LANES = 4;

interface DiscardDialogProps {
  changes: readonly Change[];
  close: () => void;
  onCloseAutoFocus?: (event: Event) => void;
}

/** Gives up changes of files, once it has named them. All are of one area. */
export function DiscardDialog({ changes, close, onCloseAutoFocus }: DiscardDialogProps) {
  const { client, queries } = useServices();
  const { name } = useGitPanel();
  const fresh = changes[0]?.area === "untracked";
  const paths = changes.flatMap(pathsOf);
  const numbers = useQuery({
    ...queries.git.diff.queryOptions({ input: { name, stat: true, paths: paths.slice(0, 10_000) } }),
    enabled: !fresh,
    staleTime: 0,
  });
  const linesOf = new Map(numbers.data?.files.map((file) => [file.path, file]));
  const one = changes.length === 1;
  const title = fresh
    ? `Delete ${one ? (changes[0]?.path.endsWith("/") === true ? "this new folder" : "this new file") : `${changes.length.toLocaleString()} new files`}?`
    : `Discard the changes of ${one ? "this file" : `${changes.length.toLocaleString()} files`}?`;
  const lost = changes.slice(0, SHOWN).map(({ path, kind }) => {
    const file = linesOf.get(path);
    return (
      <li key={path}>
        <span className="font-mono text-[0.8125rem] break-all">{visible(path)}</span>
        {fresh && (
          <span className="text-muted">
            {path.endsWith("/") ? ", with everything in it: git has none of it" : ", whole: git does not have it"}
          </span>
        )}
        {kind !== "deleted" && file !== undefined && !file.binary && (
          <span className="text-muted tabular-nums">
            , {file.additions} added and {file.deletions} removed {file.deletions === 1 ? "line" : "lines"}
          </span>
        )}
        {kind === "deleted" && <span className="text-muted">: its deletion. The file comes back</span>}
      </li>
    );
  });
  return (
    <LossDialog
      title={title}
      lost={
        <>
          {lost}
          {changes.length > SHOWN && <li>and {(changes.length - SHOWN).toLocaleString()} more</li>}
        </>
      }
      {...(fresh ? {} : { kept: "The files are then as they are staged, or as they were last committed." })}
      action={fresh ? "Delete" : "Discard"}
      task={{
        key: "discard",
        failure: fresh ? "Not everything was deleted" : "The changes are still there",
        work: async (git) => {
          if (!fresh) {
            for (let from = 0; from < paths.length; from += 10_000) {
              await git.restore({ name, paths: paths.slice(from, from + 10_000), allowDestructive: true });
            }
            return;
          }
          const waiting = paths.map((path) => path.replace(/\/$/, ""));
          const lane = async () => {
            for (let path = waiting.pop(); path !== undefined; path = waiting.pop()) {
              await client.files.remove({ name, path, recursive: true });
            }
          };
          await Promise.all(Array.from({ length: LANES }, lane));
        },
      }}
      close={close}
      onCloseAutoFocus={onCloseAutoFocus}
    />
  );
}
