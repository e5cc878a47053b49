/** What the user can mend; its message says how, in one line. */
export class CliError extends Error {
  override readonly name = "CliError"
}
