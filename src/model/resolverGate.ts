import path from "node:path"
import { fileURLToPath } from "node:url"
import { ESLint } from "eslint"
import ts from "typescript"

const root = fileURLToPath(new URL("../../", import.meta.url))

/** What AppSync's lint rules and the type check say against the resolvers, one line each; empty when they may be deployed. */
export const resolverFaults = async (): Promise<readonly string[]> => [...typeFaults(), ...(await lintFaults())]

async function lintFaults(): Promise<readonly string[]> {
  const results = await new ESLint({ cwd: root }).lintFiles(["resolvers/**/*.ts"])
  return results.flatMap(({ filePath, messages }) =>
    messages.map(({ line, message, ruleId }) => `${path.relative(root, filePath)}:${line}: ${message} (${ruleId})`),
  )
}

function typeFaults(): readonly string[] {
  const { config } = ts.readConfigFile(`${root}resolvers/tsconfig.json`, ts.sys.readFile)
  const { fileNames, options } = ts.parseJsonConfigFileContent(config, ts.sys, `${root}resolvers`)
  return ts.getPreEmitDiagnostics(ts.createProgram(fileNames, options)).map(({ file, start, messageText }) => {
    const line = file === undefined || start === undefined ? 0 : file.getLineAndCharacterOfPosition(start).line + 1
    return `${path.relative(root, file?.fileName ?? root)}:${line}: ${ts.flattenDiagnosticMessageText(messageText, " ")}`
  })
}
