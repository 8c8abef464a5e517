import { useToaster } from "../../components/ui/toast.tsx";
import { useServices } from "../../services.ts";
import { baseOf } from "./paths.ts";

/** Saves a file, or a folder as a zip, where the browser puts what is downloaded. */
export function useDownload(name: string): (path: string, kind: "file" | "folder") => Promise<void> {
  const { fetchFile } = useServices();
  const toaster = useToaster();
  return async (path, kind) => {
    const title = path === "" ? name : baseOf(path);
    try {
      const { signal } = new AbortController();
      const response = await fetchFile(name, path, { signal, ...(kind === "folder" ? { format: "zip" } : {}) });
      save(await response.blob(), kind === "folder" ? `${title}.zip` : title);
    } catch (error) {
      toaster.failed(`'${title}' was not downloaded`, error);
    }
  };
}

function save(content: Blob, name: string): void {
  // An octet stream is never shown in the dashboard's own origin, whatever the file says it is.
  const address = URL.createObjectURL(new Blob([content], { type: "application/octet-stream" }));
  const link = document.createElement("a");
  link.href = address;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(address), 60_000);
}
