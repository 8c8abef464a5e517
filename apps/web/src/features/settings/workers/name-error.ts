/** What is wrong with a worker's name, as it is typed; nothing of one that is empty yet. */
export function nameError(name: string): string | undefined {
  if (name === "" || /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/.test(name)) return undefined;
  return "Use 1 to 63 lower-case letters, digits and inner hyphens.";
}
