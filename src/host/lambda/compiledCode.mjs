/**
 * Keeps what V8 compiled of a function's large CommonJS files, so that the next execution environment, and the next start,
 * neither parse nor compile them again. What a function sees stays the same.
 */
import { createHash } from "node:crypto"
import { readFileSync, renameSync, writeFileSync } from "node:fs"
import Module, { createRequire } from "node:module"
import path from "node:path"
import vm from "node:vm"

/** Below, compiling costs less than the look. */
const charactersMin = 50_000
const [head] = Module.wrapper

/** A compiled form remembers neither where it may import from nor another name than its first: hence these two limits. */
const mayImport = /\bimport\s*\(/
const nameOf = (taskRoot, filename) => path.posix.join("/var/task", path.relative(taskRoot, filename))

/**
 * Loads large files of `taskRoot` by what `folder` holds; gives the way to keep what was compiled since, to be called when the
 * functions that matter have run.
 * @param {string} folder
 * @param {string} taskRoot
 */
export function reuseCompiledCode(folder, taskRoot) {
  const fresh = new Map()
  const compile = Module.prototype._compile
  const isWorthIt = (content, filename) =>
    content.length >= charactersMin &&
    filename.startsWith(taskRoot + path.sep) &&
    !filename.endsWith(".mjs") &&
    !process.sourceMapsEnabled &&
    !mayImport.test(content)

  Module.prototype._compile = function (content, filename, ...rest) {
    if (!isWorthIt(content, filename)) return compile.call(this, content, filename, ...rest)
    const name = nameOf(taskRoot, filename)
    const source = Module.wrap(content.replace(/^#!.*/, ""))
    const kept = path.join(folder, createHash("sha256").update(`${process.version} ${name} ${source}`).digest("hex"))
    const script = new vm.Script(source, { filename: name, columnOffset: -head.length, cachedData: read(kept) })
    if (script.cachedDataRejected !== false) fresh.set(kept, script)
    const run = script.runInThisContext()
    return run.call(this.exports, this.exports, createRequire(filename), this, filename, path.dirname(filename))
  }

  return () => {
    for (const [kept, script] of fresh) write(kept, script.createCachedData())
    fresh.clear()
  }
}

function read(file) {
  try {
    return readFileSync(file)
  } catch {
    return undefined
  }
}

/** Whole or not at all. A full disk costs time, nothing else. */
function write(file, data) {
  const part = `${file}.${process.pid}.${Math.random().toString(36).slice(2)}`
  try {
    writeFileSync(part, data)
    renameSync(part, file)
  } catch {}
}
