/** A text with `${stageVariables.name}` replaced by the stage's values. */
export const withVariables = (text: string, variables: Readonly<Record<string, string>>): string =>
  text.replace(/\$\{stageVariables\.(\w+)\}/g, (_, name: string) => variables[name] ?? "")
