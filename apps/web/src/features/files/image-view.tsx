import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { ImageOff } from "lucide-react";
import { useState } from "react";
import { Button } from "../../components/ui/button.tsx";
import { Skeleton } from "../../components/ui/skeleton.tsx";
import { visible } from "../../components/visible.ts";
import { toProblem } from "../../problem.ts";
import { useServices } from "../../services.ts";
import { FileMessage } from "./file-problem.tsx";
import { baseOf } from "../../file-paths.ts";

interface ImageViewProps {
  name: string;
  path: string;
  type: string;
  version: string;
}

/** An image on a chequered ground, which shows what of it is transparent. */
export function ImageView({ name, path, type, version }: ImageViewProps) {
  const { fetchFile } = useServices();
  /** The version that is none, since the next one may be one. */
  const [broken, setBroken] = useState<string>();
  const [size, setSize] = useState<string>();
  const image = useQuery({
    queryKey: ["file-image", name, path, version],
    queryFn: async ({ signal }) => {
      const bytes = await (await fetchFile(name, path, { signal })).blob();
      return dataUrl(new Blob([bytes], { type }));
    },
    gcTime: 0,
    staleTime: Infinity,
    // What it was before stays until what it is now has come.
    placeholderData: keepPreviousData,
  });
  if (image.isError) {
    return (
      <FileMessage
        Icon={ImageOff}
        title="The image was not loaded"
        problem={toProblem(image.error)}
        actions={
          <Button size="small" busy={image.isFetching} onClick={() => void image.refetch()}>
            Try again
          </Button>
        }
      />
    );
  }
  if (broken === version) {
    return (
      <FileMessage Icon={ImageOff} title={`'${visible(baseOf(path))}' is no image that a browser shows`}>
        Download it to look at it with another program.
      </FileMessage>
    );
  }
  return (
    <div className="flex min-h-0 flex-1 flex-col items-center justify-center gap-3 overflow-auto bg-terminal p-6">
      {image.data === undefined ? (
        <Skeleton className="h-48 w-64 max-w-full" />
      ) : (
        <img
          src={image.data}
          alt={visible(baseOf(path))}
          className="max-h-full max-w-full rounded-md border border-line bg-[repeating-conic-gradient(var(--raised)_0_25%,var(--surface)_0_50%)] bg-size-[1rem_1rem] object-contain"
          onLoad={({ currentTarget: { naturalWidth, naturalHeight } }) => setSize(`${naturalWidth} × ${naturalHeight}`)}
          onError={() => image.isPlaceholderData || setBroken(version)}
        />
      )}
      <p className="h-5 shrink-0 text-[0.8125rem] text-muted tabular-nums">{size}</p>
    </div>
  );
}

/** The page's policy shows images of this origin and of data: addresses, and runs nothing that is in one. */
function dataUrl(blob: Blob): Promise<string> {
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  const reader = new FileReader();
  reader.addEventListener("loadend", () => {
    if (typeof reader.result === "string") resolve(reader.result);
    else reject(reader.error ?? new Error("The image could not be read."));
  });
  reader.readAsDataURL(blob);
  return promise;
}
