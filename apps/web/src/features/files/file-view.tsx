import { Download, FileQuestion, FileX, Folder, Lock, Scale } from "lucide-react";
import { useState } from "react";
import { bytes } from "../../components/amounts.ts";
import { LoadingLines } from "../../components/loading-lines.tsx";
import { Button } from "../../components/ui/button.tsx";
import { visible } from "../../components/visible.ts";
import { toProblem } from "../../problem.ts";
import { useDownload } from "./download.ts";
import { useDrafts } from "./drafts-context.tsx";
import { FileHeader } from "./file-header.tsx";
import { FileMessage } from "./file-problem.tsx";
import { ImageView } from "./image-view.tsx";
import { isOfTheFile } from "./load-file.ts";
import { baseOf } from "../../file-paths.ts";
import { TextView } from "./text-view.tsx";
import { useFile } from "./use-file.ts";

interface FileViewProps {
  id: string;
  name: string;
  path: string;
  line: number | undefined;
  shown: boolean;
  /** Changes each time that the keys are to go into it. */
  entered: number | undefined;
  /** Back to the tree, where both do not fit beside each other. */
  leave: () => void;
  onSaved: () => void;
}

/** One file as what it is: a text to edit, an image, or a sentence that says why neither and what to do. */
export function FileView({ id, name, path, line, shown, entered, leave, onSaved }: FileViewProps) {
  const [beginning, setBeginning] = useState(false);
  const [asText, setAsText] = useState(false);
  const wanted = { name, path, beginning, asText };
  const file = useFile(wanted);
  const { unsaved } = useDrafts(id);
  const download = useDownload(name);
  const draft = unsaved.get(path);
  const problem = file.error === null ? undefined : toProblem(file.error);
  const header = { path, leave };
  const title = visible(baseOf(path));
  const downloadButton = (
    <Button size="small" onClick={() => void download(path, "file")}>
      <Download aria-hidden />
      Download
    </Button>
  );

  const { data } = file;
  const gone = problem?.code === "file_not_found";
  // A text that somebody edits stays in sight whatever became of the file, and one that somebody reads while the worker is away.
  const stays = draft !== undefined && (data !== undefined || problem !== undefined);
  const isRead = data?.kind === "text" && (problem === undefined || !isOfTheFile(problem));
  if (stays || isRead) {
    return (
      <TextView
        {...{ id, name, path, line, shown, entered, leave, onSaved, wanted, gone }}
        file={gone ? undefined : data}
        problem={gone ? undefined : problem}
        reload={() => file.refetch()}
      />
    );
  }

  if (problem === undefined && data === undefined) {
    return (
      <>
        <FileHeader {...header} />
        <LoadingLines
          label={`Loading ${visible(path)}…`}
          widths={["w-64", "w-48", "w-80", "w-40", "w-72"]}
          className="flex-1 bg-terminal px-4 py-4"
        />
      </>
    );
  }

  if (problem !== undefined || data === undefined) {
    const again = (
      <Button size="small" onClick={() => void file.refetch()}>
        Try again
      </Button>
    );
    const large = problem?.code === "file_too_large";
    const isProtected = problem?.code === "path_not_allowed";
    const isHelper = isProtected && path === ".parallax-credentials";
    return (
      <>
        <FileHeader {...header} />
        <FileMessage
          Icon={large ? Scale : isProtected ? Lock : FileX}
          title={
            large
              ? "Too large to be edited here"
              : isHelper
                ? "Workspace keeps this here for git"
                : isProtected
                  ? "Protected by the policy"
                  : gone
                    ? `'${title}' is not there any more`
                    : `'${title}' was not opened`
          }
          {...(problem === undefined || isHelper ? {} : { problem: large ? { ...problem, next: undefined } : problem })}
          actions={
            large ? (
              <>
                <Button size="small" onClick={() => setBeginning(true)}>
                  Show its beginning
                </Button>
                {downloadButton}
              </>
            ) : isProtected ? undefined : gone ? (
              <Button size="small" onClick={leave}>
                Close it
              </Button>
            ) : (
              again
            )
          }
        >
          {isHelper && "It is how git asks for the sign-in to its forge. Leave it as it is."}
        </FileMessage>
      </>
    );
  }

  if (data.kind === "folder") {
    return (
      <>
        <FileHeader {...header} />
        <FileMessage
          Icon={Folder}
          title={`'${title}' is a folder`}
          actions={
            <Button size="small" onClick={() => void download(path, "folder")}>
              <Download aria-hidden />
              Download as zip
            </Button>
          }
        />
      </>
    );
  }
  if (data.kind === "image") {
    return (
      <>
        <FileHeader {...header}>
          {data.stat.path.endsWith(".svg") && (
            <Button size="small" variant="ghost" onClick={() => setAsText(true)}>
              Show text
            </Button>
          )}
          {downloadButton}
        </FileHeader>
        <ImageView name={name} path={path} type={data.type} version={data.stat.version} />
      </>
    );
  }
  if (data.kind === "largeImage") {
    return (
      <>
        <FileHeader {...header} />
        <FileMessage Icon={Scale} title="Too large to be shown here" actions={downloadButton}>
          {title} is an image of {bytes(data.stat.size)}.
        </FileMessage>
      </>
    );
  }
  return (
    <>
      <FileHeader {...header} />
      <FileMessage Icon={FileQuestion} title="Not a text file" actions={downloadButton}>
        {title} ({bytes(data.stat.size)}) does not hold UTF-8 text, so it cannot be edited here.
      </FileMessage>
    </>
  );
}
