import { useQuery, useQueryClient, type QueryClient } from "@tanstack/react-query";
import { toProblem } from "../../problem.ts";
import { useServices } from "../../services.ts";
import { loadFile, type LoadedFile, type LoadFileOptions } from "./load-file.ts";

/** Begins the key of what is known of a file; its workspace and its path follow. */
export const FILE = "file";

function keyOf({ name, path, beginning, asText }: LoadFileOptions): readonly unknown[] {
  return [FILE, name, path, beginning, asText];
}

/** A file as the worker has it now; asked for again when the window comes back. */
export function useFile(options: LoadFileOptions) {
  const { client } = useServices();
  return useQuery({
    queryKey: keyOf(options),
    queryFn: ({ signal }) => loadFile(client, options, signal),
    // A refusal stays one.
    retry: (failures, error) => failures < 2 && toProblem(error).code === "unreachable",
    staleTime: 0,
    gcTime: 30_000,
  });
}

/** What was saved is what the worker has. It is asked all the same: somebody may have written since. */
export function useKnownFile(): (options: LoadFileOptions, file: LoadedFile) => void {
  const queryClient: QueryClient = useQueryClient();
  return (options, file) => {
    const queryKey = keyOf(options);
    // An answer under way is from before.
    void queryClient.cancelQueries({ queryKey, exact: true });
    queryClient.setQueryData(queryKey, file);
    void queryClient.invalidateQueries({ queryKey, exact: true });
  };
}
