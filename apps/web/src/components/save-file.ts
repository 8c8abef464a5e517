/** Has the browser keep what was downloaded, where it puts such things. */
export function saveFile(content: Blob, name: string): void {
  // An octet stream is never shown in the dashboard's own origin, whatever the file says it is.
  const address = URL.createObjectURL(new Blob([content], { type: "application/octet-stream" }));
  const link = document.createElement("a");
  link.href = address;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(address), 60_000);
}
