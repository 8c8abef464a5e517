import type { Report } from "./progress.ts";

/** What is gathered on the worker for the clone of one workspace, while its place is being made. */
export interface Preparation {
  /** What the place is to be shown, as `PlaceSpec.objects`; it is there, and fills later. */
  directory: string;
  /**
   * Resolves when nothing more comes, with or without anything that shortens the clone. Throws `repository_not_found` and
   * `repository_unreachable` where a clone cannot succeed either.
   */
  ready(report: Report): Promise<void>;
}
