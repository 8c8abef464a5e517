/** The part is not built, or this machine lacks what it needs: such a row is left out, and said to be. */
export class NotAvailable extends Error {
  readonly code = "not_available";
}
