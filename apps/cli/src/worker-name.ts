/** Whether a worker behind an agent can be called so: nothing else leads to one, and two dots would lead to the agent itself. */
export function isWorkerName(text: string): boolean {
  return /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/.test(text);
}
