import { saveFile } from "../../components/save-file.ts";
import { useToaster } from "../../components/ui/toast.tsx";
import { useServices } from "../../services.ts";
import { baseOf } from "../../file-paths.ts";

/** Saves a file, or a folder as a zip, where the browser puts what is downloaded. */
export function useDownload(name: string): (path: string, kind: "file" | "folder") => Promise<void> {
  const { fetchFile } = useServices();
  const toaster = useToaster();
  return async (path, kind) => {
    const title = path === "" ? name : baseOf(path);
    try {
      const { signal } = new AbortController();
      const response = await fetchFile(name, path, { signal, ...(kind === "folder" ? { format: "zip" } : {}) });
      saveFile(await response.blob(), kind === "folder" ? `${title}.zip` : title);
    } catch (error) {
      toaster.failed(`'${title}' was not downloaded`, error);
    }
  };
}
