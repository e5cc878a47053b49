import { readFileSync } from "node:fs"
import { createRequire } from "node:module"
import path from "node:path"
import type ts from "typescript"
import { runtimeLibrary } from "./runtimeLibrary.ts"

/** Where AWS keeps the types of `@aws-appsync/utils`; it shows in the texts of its errors. */
const typesFolder = "/var/task/node_modules/@amzn/awsapp-sync-jsvtltranspiler/bundled/@aws-appsync/utils/lib"
const libraryFile = "/var/task/runtime.d.ts"

const moduleFiles: Record<string, string> = {
  "@aws-appsync/utils": "index",
  "@aws-appsync/utils/dynamodb": "dynamodb-helpers",
  "@aws-appsync/utils/rds": "rds-helpers",
  "@aws-appsync/utils/ai": "bedrock-helpers",
}

const require = createRequire(import.meta.url)

/** TypeScript, loaded when the first module is checked: a start whose modules are all known does without it. */
export const loadTypeScript = (): typeof ts => require("typescript")

/** A checked program over several modules; module i is `/<i>/code.js`. JSDoc types do not count. */
export function checkedProgram(
  typescript: typeof ts,
  codes: readonly string[],
): { program: ts.Program; files: string[] } {
  const files = codes.map((_, index) => `/${index}/code.js`)
  const texts = new Map(files.map((file, index) => [file, (codes[index] ?? "").replace(/\/\*\*(?!\/)/g, "/* ")]))
  const host: ts.CompilerHost = {
    fileExists: file => textOf(file, texts) !== undefined,
    readFile: file => textOf(file, texts),
    getSourceFile: (file, options) => sourceFile(typescript, file, texts, options),
    getDefaultLibFileName: () => libraryFile,
    getCurrentDirectory: () => "/",
    getCanonicalFileName: file => file,
    useCaseSensitiveFileNames: () => true,
    getNewLine: () => "\n",
    writeFile: () => undefined,
    resolveModuleNameLiterals: (names, containing) =>
      names.map(({ text }) => ({ resolvedModule: resolved(text, containing) })),
  }
  const options: ts.CompilerOptions = {
    allowJs: true,
    checkJs: true,
    noEmit: true,
    noLib: true,
    types: [],
    target: typescript.ScriptTarget.ES2022,
    module: typescript.ModuleKind.ES2022,
    moduleResolution: typescript.ModuleResolutionKind.Bundler,
    moduleDetection: typescript.ModuleDetectionKind.Force,
  }
  const roots = [libraryFile, `${typesFolder}/index.d.ts`, ...files]
  return { program: typescript.createProgram(roots, options, host), files }
}

const declarations = new Map<string, ts.SourceFile>()

function sourceFile(
  typescript: typeof ts,
  file: string,
  texts: ReadonlyMap<string, string>,
  options: ts.ScriptTarget | ts.CreateSourceFileOptions,
): ts.SourceFile | undefined {
  const known = declarations.get(file)
  if (known !== undefined) return known
  const text = textOf(file, texts)
  if (text === undefined) return undefined
  const source = typescript.createSourceFile(file, text, options, true)
  if (!texts.has(file)) declarations.set(file, source)
  return source
}

function textOf(file: string, texts: ReadonlyMap<string, string>): string | undefined {
  if (file === libraryFile) return runtimeLibrary
  if (!file.startsWith(typesFolder) || !file.endsWith(".d.ts")) return texts.get(file)
  const installed = path.join(path.dirname(require.resolve("@aws-appsync/utils")), path.basename(file))
  const text = readFileSync(installed, "utf8")
  // Typed, but not there on AWS.
  return file.endsWith("/dynamodb-helpers.d.ts") ? text.replace(/export declare function sync<[\s\S]*?;\n/, "") : text
}

function resolved(name: string, containing: string): ts.ResolvedModuleFull | undefined {
  const base = containing.startsWith(typesFolder)
    ? path.posix.join(typesFolder, name === "." ? "index" : name)
    : moduleFiles[name] && `${typesFolder}/${moduleFiles[name]}`
  return base === undefined || base === ""
    ? undefined
    : { resolvedFileName: `${base}.d.ts`, extension: ".d.ts", isExternalLibraryImport: true }
}
