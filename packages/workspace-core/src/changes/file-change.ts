/**
 * What a viewer of a workspace's files is told: entries that were made, changed, moved or removed; that git's state may be another, by a
 * commit, a checkout, what is staged or what it ignores; or that anything may have changed. `slow` says why that is all that is told.
 */
export type FileChange = { paths: string[] } | { git: true } | { resync: true; slow?: string };
