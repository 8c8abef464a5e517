import { joined } from "../../file-paths.ts";
import type { UploadFile } from "./uploads.ts";

/** What a person let go of over a folder: its files, and those of folders among it, however deep. Called before the event ends. */
export function droppedFiles(transfer: DataTransfer, folder: string): Promise<UploadFile[]> {
  const entries: FileSystemEntry[] = [];
  const loose: UploadFile[] = [];
  // After the event there is nothing left to ask.
  for (const item of transfer.items) {
    const entry = item.webkitGetAsEntry();
    // What comes from another program's memory has no place on a disk.
    const file = entry === null ? item.getAsFile() : null;
    if (entry !== null) entries.push(entry);
    if (file !== null) loose.push({ path: joined(folder, file.name), content: file });
  }
  return collect(entries, folder, loose);
}

async function collect(
  entries: readonly FileSystemEntry[],
  folder: string,
  loose: readonly UploadFile[],
): Promise<UploadFile[]> {
  const found = [...loose];
  const waiting = entries.map((entry) => ({ entry, path: joined(folder, entry.name) }));
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    const { entry, path } = next;
    if (isFile(entry)) found.push({ path, content: await fileOf(entry) });
    if (isDirectory(entry)) {
      for (const child of await childrenOf(entry)) waiting.push({ entry: child, path: joined(path, child.name) });
    }
  }
  return found.sort((a, b) => (a.path < b.path ? -1 : 1));
}

/** What was chosen in the browser's own dialog; of a folder, with the paths in it. */
export function chosenFiles(files: FileList, folder: string): UploadFile[] {
  return Array.from(files, (file) => ({
    path: joined(folder, file.webkitRelativePath === "" ? file.name : file.webkitRelativePath),
    content: file,
  }));
}

function isFile(entry: FileSystemEntry): entry is FileSystemFileEntry {
  return entry.isFile;
}

function isDirectory(entry: FileSystemEntry): entry is FileSystemDirectoryEntry {
  return entry.isDirectory;
}

function fileOf(entry: FileSystemFileEntry): Promise<File> {
  const { promise, resolve, reject } = Promise.withResolvers<File>();
  entry.file(resolve, reject);
  return promise;
}

/** A browser gives a hundred at a time, until it gives none. */
async function childrenOf(directory: FileSystemDirectoryEntry): Promise<FileSystemEntry[]> {
  const reader = directory.createReader();
  const all: FileSystemEntry[] = [];
  for (;;) {
    const { promise, resolve, reject } = Promise.withResolvers<FileSystemEntry[]>();
    reader.readEntries(resolve, reject);
    const some = await promise;
    if (some.length === 0) return all;
    all.push(...some);
  }
}
