/** What a workspace's page is made of, in the order of the tabs; each has the address `/w/NAME/PART`. */
export const PARTS = {
  terminals: "Terminals",
  files: "Files",
  git: "Git",
  tasks: "Tasks",
  logs: "Logs",
  details: "Details",
};
export type Part = keyof typeof PARTS;

export function isPart(text: string): text is Part {
  return Object.hasOwn(PARTS, text);
}
