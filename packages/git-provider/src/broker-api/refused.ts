/** Thrown for a request that is not led to the forge: what `gh` shows its user. */
export class ApiRefused extends Error {
  override readonly name = "ApiRefused";
  readonly status: number;
  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

/** What is done where `gh` cannot do it here. */
export const ON_THE_WORKER = "On the worker, 'ws finalize NAME --pr' opens a pull request with labels and reviewers";
