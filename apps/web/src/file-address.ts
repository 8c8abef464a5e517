/** Where the bytes of a file lie, on the agent's own origin. */
export function fileAddress(workspace: string, path: string): string {
  return `/files/${encodeURIComponent(workspace)}/${path.split("/").map(encodeURIComponent).join("/")}`;
}

/** What the agent answered instead of bytes, in the form in which its client rejects. */
export async function refusalOf(response: Response): Promise<Error> {
  const body: unknown = await response.json().catch(() => undefined);
  const message = `The worker answered ${response.status}.`;
  if (typeof body !== "object" || body === null) return new Error(message);
  return Object.assign(new Error(message), body);
}
