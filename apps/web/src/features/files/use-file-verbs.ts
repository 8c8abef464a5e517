import { FilePlus, FolderPlus, Upload } from "lucide-react";
import { useVerbs } from "../../components/verbs/verbs-context.tsx";

interface FileActs {
  newFile: () => void;
  newFolder: () => void;
  upload: () => void;
}

/** Offers in the command palette what can be done with files, while they are in sight. */
export function useFileVerbs(workspace: string, shown: boolean, { newFile, newFolder, upload }: FileActs): void {
  useVerbs(() => {
    if (!shown) return [];
    const given = { group: workspace, words: "file folder add create" };
    return [
      { ...given, id: "files.new-file", label: "New file…", icon: FilePlus, run: newFile },
      { ...given, id: "files.new-folder", label: "New folder…", icon: FolderPlus, run: newFolder },
      { ...given, id: "files.upload", label: "Upload files…", icon: Upload, run: upload },
    ];
  });
}
