/** Where the attempts are compared that a task or a workspace is of; undefined where its execution is something else. */
export function compareAddress(execution: string | undefined): string | undefined {
  return execution !== undefined && /^attempts-[0-9a-f]{12}$/.test(execution) ? `/compare/${execution}` : undefined;
}
