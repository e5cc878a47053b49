import { createRequire } from "node:module"
import { dirname, join } from "node:path"

const require = createRequire(import.meta.url)

/** Version of dynoxide that this host is tested with. */
export const dynoxideVersion = "1.2.1"

/** Path of the dynoxide program for this platform. Throws an Error that says how to get it when its package is not installed. */
export function dynoxideBinary(platform: string = process.platform, arch: string = process.arch): string {
  const name = `@dynoxide/${platform}-${arch}`
  try {
    const folder = dirname(require.resolve(`${name}/package.json`))
    return join(folder, platform === "win32" ? "dynoxide.exe" : "dynoxide")
  } catch {
    throw new Error(
      `DynamoDB needs the package ${name}: run \`npm install --no-save ${name}@${dynoxideVersion}\`, or set DYNAMODB_ENDPOINT to a running DynamoDB Local`,
    )
  }
}
