import { mkdtempSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { Template } from "aws-cdk-lib/assertions"
import type { AppProps } from "aws-cdk-lib/core"
import { apiModel } from "../../../infra/apiModel.ts"
import { foldline } from "../../../infra/foldline.ts"
import { app } from "../../../src/contexts/index.ts"

const code = mkdtempSync(join(tmpdir(), "foldline-infra-"))
writeFileSync(join(code, "index.mjs"), "export const handler = () => {}")
const consoleFolder = mkdtempSync(join(tmpdir(), "foldline-console-"))
writeFileSync(join(consoleFolder, "index.html"), "<!doctype html>")

/** The stacks of the app as it is, around functions that do nothing. */
export const stacks = (cdk: AppProps = {}) =>
  foldline({ app, model: apiModel(app), bundle: () => code, consoleFolder, today: new Date("2030-05-17"), cdk })

/** A resource of a template. */
export interface Resource {
  readonly Type: string
  // biome-ignore lint/suspicious/noExplicitAny: templates are JSON of any shape
  readonly Properties: any
  readonly DeletionPolicy?: string
}

/** Resources by logical id, and outputs, of both stacks. */
export function templates() {
  const { stateful, stateless } = stacks()
  const of = (stack: typeof stateful | typeof stateless) => {
    const { Resources, Outputs } = Template.fromStack(stack).toJSON()
    return {
      resources: Resources as Readonly<Record<string, Resource>>,
      outputs: Outputs as Readonly<Record<string, { Value: unknown; Export?: { Name: string } }>>,
    }
  }
  return { stateful: of(stateful), stateless: of(stateless) }
}

/** The resources of one type, by logical id. */
export const ofType = (resources: Readonly<Record<string, Resource>>, type: string) =>
  Object.entries(resources).filter(([, resource]) => resource.Type === type)
