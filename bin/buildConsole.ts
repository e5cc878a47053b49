/** Builds the console when its sources have changed, for the tests that open it in a browser. */
import { fileURLToPath } from "node:url"
import { buildConsole } from "../src/cli/console.ts"

await buildConsole(fileURLToPath(new URL("..", import.meta.url)), console.log)
