/** What this browser has seen of the list of workspaces; of a worker's behind this one, with its name behind it. */
export const SEEN_LIST_KEY = "ws.list.seen";
