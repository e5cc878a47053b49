/** Serves the app of the working folder on a port, and says `ready` on standard output. */
const path = require("node:path")
const { Infrastructure } = require("@boostercloud/framework-provider-local-infrastructure")

const port = Number(process.argv[2])
const { Booster } = require(path.join(process.cwd(), "dist", "index.js"))
Infrastructure()
  .start(Booster.config, port)
  .then(() => console.log("ready"))
