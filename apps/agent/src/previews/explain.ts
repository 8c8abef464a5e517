import { isWsError, type WorkspacePort } from "@ws/workspace-core";
import type { Failure } from "../terminals/failure.ts";
import type { PreviewAddress } from "./host.ts";
import type { Page } from "./pages.ts";
import { NoAnswer } from "./proxy.ts";

/** What is said without knowing who asks: nothing that a stranger could learn from, such as whether there is such a workspace. */
export const PAGES = {
  malformed: (): Page => ({
    status: 404,
    title: "This is not the address of a preview",
    text: "They are called PORT--NAME, such as 3000--demo. Open one:",
    commands: ["ws open NAME PORT"],
  }),
  unknown: ({ workspace, port }: PreviewAddress): Page => ({
    status: 401,
    title: "This browser was not let in here",
    text: "A preview is opened by a link that is good once, for one port of one workspace. It ends with whoever made it, after twelve hours without use, and with the agent. Make a new one:",
    commands: [`ws open ${workspace} ${port}`],
  }),
  gone: ({ workspace }: PreviewAddress): Page => ({
    status: 404,
    title: `'${workspace}' is not the workspace any more that this was opened for`,
    text: "It was renamed or deleted. See which there are:",
    commands: ["ws list"],
  }),
  foreign: (): Page => ({
    status: 403,
    title: "Pages of other sites get nothing from a preview",
    text: "Requests of a page go to the address that it came from; let its own server lead on what is for another port.",
  }),
  crowded: (): Page => ({
    status: 503,
    title: "This preview has too many connections open",
    text: "Close some of its pages, and try again.",
    headers: { "retry-after": "5" },
  }),
  refused: (status: number, text: string): Page => ({ status, title: "This request is not led on", text }),
};

/** Why a port of a workspace cannot be shown, and what listens there instead. */
export async function explain(
  error: unknown,
  { workspace, port }: PreviewAddress,
  {
    listening,
    report,
  }: { listening: () => Promise<readonly WorkspacePort[]>; report: (error: unknown) => Failure & { status: number } },
): Promise<Page> {
  if (error instanceof NoAnswer) {
    return {
      status: 502,
      title: `What listens on port ${port} of '${workspace}' gave no answer`,
      text: "A preview shows what speaks HTTP without TLS. For anything else bring the port to your machine:",
      commands: [`ws forward ${workspace} ${port}`],
    };
  }
  if (isWsError(error, "connection_refused")) {
    const others = (await listening().catch(() => [])).filter((one) => one.listening);
    return {
      status: 502,
      title: `Nothing listens on port ${port} of '${workspace}'`,
      text: others.length === 0 ? "Nor on any other. Start what should, then load this page again." : "This does:",
      list: others.map(({ port: other, label, program }) =>
        [other, ...(label === undefined ? [] : [`(${label})`]), ...(program === undefined ? [] : [program])].join(" "),
      ),
      commands: others.slice(0, 1).map(({ port: other }) => `ws open ${workspace} ${other}`),
    };
  }
  if (isWsError(error, "workspace_not_running")) {
    return {
      status: 503,
      title: `'${workspace}' does not run`,
      text: "Start it, then load this page again:",
      commands: [`ws start ${workspace}`],
      headers: { "retry-after": "5" },
    };
  }
  const { message, next = "", status } = report(error);
  return { status: status === 403 ? 403 : 502, title: message, text: next };
}
