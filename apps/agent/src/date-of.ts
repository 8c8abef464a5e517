/** That a date can tell of, in milliseconds before and after the epoch. */
const LATEST = 8.64e15;

/** When a file was changed, for whoever looks at it: some file systems keep times that are beyond any calendar. */
export function dateOf(modifiedAt: number): Date {
  return new Date(Math.max(-LATEST, Math.min(modifiedAt, LATEST)));
}
