import { execFile } from "node:child_process"
import { randomUUID } from "node:crypto"
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync } from "node:fs"
import { join } from "node:path"
import { promisify } from "node:util"
import { root } from "../localHost.ts"

const installed = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"]
const packageName = "@sparticuz/chromium"

/** Chromium of the system, else the one that npm brings. */
export async function findChromium(): Promise<{ executablePath: string; args: string[] }> {
  const found = installed.find(path => existsSync(path))
  if (found !== undefined) return { executablePath: found, args: ["--no-sandbox"] }
  const { default: chromium } = await import(packageName)
  // A page is drawn by the processor either way; through an emulated graphics card it costs four times as much.
  const unwanted = /^--(single-process|use-gl|use-angle|enable-unsafe-swiftshader|in-process-gpu|ignore-gpu-blocklist)/
  const args = [...chromium.args.filter((argument: string) => !unwanted.test(argument)), "--disable-gpu"]
  return { executablePath: join(await unpacked(), "chromium"), args }
}

/** The folder of the unpacked browser. It appears whole or not at all, whoever else unpacks it or is interrupted. */
async function unpacked(): Promise<string> {
  const { version } = JSON.parse(readFileSync(join(root, "node_modules", packageName, "package.json"), "utf8"))
  const folder = join(root, "node_modules", ".cache", "foldline", `chromium-${version}`)
  if (existsSync(folder)) return folder
  const part = `${folder}.${randomUUID()}`
  mkdirSync(part, { recursive: true })
  // The package unpacks into the system's folder for temporary files, where half of a browser would stay for good.
  const unpack = `import("${packageName}").then(({ default: chromium }) => chromium.executablePath())`
  await promisify(execFile)(process.execPath, ["-e", unpack], { cwd: root, env: { ...process.env, TMPDIR: part } })
  try {
    renameSync(part, folder)
  } catch (error) {
    rmSync(part, { recursive: true, force: true })
    if (!existsSync(folder)) throw error
  }
  return folder
}
