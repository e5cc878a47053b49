import { app } from "../src/contexts/index.ts"
import { assemble } from "./assemble.ts"

const root = new URL("..", import.meta.url).pathname
console.error("imported", performance.now())
const { cdk } = await assemble({
  app,
  root,
  today: new Date(),
  cdk: { outdir: "/tmp/cdkt/cdk.out" },
  model: {
    schema: "type Query { a: String }",
    functions: [{ name: "passOn", dataSource: "None", code: "x" }],
    resolvers: [{ type: "Query", field: "a", functions: ["passOn"], code: "y" }],
  },
})
console.error("built", performance.now())
cdk.synth()
console.error("synth", performance.now())
