/** So many of those that are over are looked through for a workspace's last one. */
export const RECENT_TASKS = 200;
